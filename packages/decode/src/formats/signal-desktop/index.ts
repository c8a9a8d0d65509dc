export { signalDesktop } from './signal-desktop-format.ts';
