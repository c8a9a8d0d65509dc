export { matrixEvents } from './events-format.ts';
