export { mailMbox, mailMessage, openpgpMessage } from './formats.ts';
