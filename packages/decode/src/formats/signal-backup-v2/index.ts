export { signalBackupV2, signalBackupV2Damaged } from './signal-backup-v2-format.ts';
export { signalExport } from './signal-export-format.ts';
