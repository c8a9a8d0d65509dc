export { signalBackup } from './signal-backup-format.ts';
