/** The four fates of a failure; see packages/bytes/README.md. */
export type ErrorFamily = 'format' | 'integrity' | 'unavailable' | 'usage';

export interface ErrorOptionsWithDetail extends ErrorOptions {
  /** Machine-readable context. Never content, never key material. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Base of every error custody throws on purpose. `code` is stable; messages may be reworded. */
export abstract class CustodyError<Code extends string = string> extends Error {
  abstract readonly family: ErrorFamily;
  readonly code: Code;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: ErrorOptionsWithDetail = {}) {
    super(message, options);
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** The input is broken. Becomes a Finding where decoding meets evidence. */
export class FormatError<Code extends string = string> extends CustodyError<Code> {
  override readonly name = 'FormatError';
  readonly family = 'format';
}

/** A hash, proof, signature or order is wrong. Stop the line, never retry. */
export class IntegrityError<Code extends string = string> extends CustodyError<Code> {
  override readonly name = 'IntegrityError';
  readonly family = 'integrity';
}

/** A store, queue or lock is away. Retrying may help. */
export class UnavailableError<Code extends string = string> extends CustodyError<Code> {
  override readonly name = 'UnavailableError';
  readonly family = 'unavailable';
}

/** The caller's mistake; the message says how to mend it. */
export class UsageError<Code extends string = string> extends CustodyError<Code> {
  override readonly name = 'UsageError';
  readonly family = 'usage';
}

/** Every code this package throws. */
export type BytesErrorCode =
  | 'BASE64_INVALID'
  | 'CBOR_INVALID'
  | 'CBOR_UNENCODABLE'
  | 'DIGEST_SHAPE'
  | 'HEX_INVALID'
  | 'INTEGER_RANGE'
  | 'READ_PAST_END'
  | 'UTF8_INVALID'
  | 'VARINT_INVALID';
