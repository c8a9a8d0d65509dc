export { iosBackup } from './ios-backup-format.ts';
