export { whatsappText } from './whatsapp-text-format.ts';
