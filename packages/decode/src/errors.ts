/** Every code this package throws. */
export type DecodeErrorCode = 'KEYRING_INVALID' | 'PROTOBUF_INVALID';
