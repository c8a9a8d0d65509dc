export { telecomTable } from './telecom-table-format.ts';
