export { type ByteColumn, ColumnBuilder, rowBytes, rowStart, selectRows } from './column.ts';
export {
  CustodyError,
  type ErrorFamily,
  type ErrorOptionsWithDetail,
  FormatError,
  IntegrityError,
  UnavailableError,
  UsageError,
} from './errors.ts';
