export { sqlcipher } from './sqlcipher-format.ts';
