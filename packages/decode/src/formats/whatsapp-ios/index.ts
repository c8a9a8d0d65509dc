export { whatsappIos } from './whatsapp-ios-format.ts';
