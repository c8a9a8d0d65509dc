import type { SqliteErrorCode } from './sqlite/errors.ts';

/** Every code this package throws. */
export type DecodeErrorCode = 'KEYRING_INVALID' | 'PROTOBUF_INVALID' | SqliteErrorCode;
