export { threemaBackup } from './threema-format.ts';
