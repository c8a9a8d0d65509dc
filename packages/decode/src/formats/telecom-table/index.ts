export { telecomSheet } from './stored-table-format.ts';
export { telecomTable } from './telecom-table-format.ts';
