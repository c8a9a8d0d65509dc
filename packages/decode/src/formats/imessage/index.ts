export { imessage } from './imessage-format.ts';
