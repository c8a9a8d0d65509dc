export { telegramExport } from './telegram-export-format.ts';
