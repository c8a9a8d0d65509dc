export { matrixEvents } from './events-format.ts';
export { matrixKeyExport } from './key-export-format.ts';
