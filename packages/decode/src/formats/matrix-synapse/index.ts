export { matrixSynapse } from './synapse-format.ts';
