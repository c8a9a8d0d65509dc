import type { Format } from '../../format.ts';
import { backupFormat } from './backup-format.ts';
import { whatsappMessageStore } from './message-store-format.ts';

export const whatsappCrypt12: Format = backupFormat('crypt12');
export const whatsappCrypt14: Format = backupFormat('crypt14');
export const whatsappCrypt15: Format = backupFormat('crypt15');
export { whatsappMessageStore };
