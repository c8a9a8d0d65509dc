export { wireBackup } from './wire-format.ts';
