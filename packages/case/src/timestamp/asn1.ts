import { type BaseBlock, Constructed, fromBER, ObjectIdentifier } from 'asn1js';
import { malformed } from './errors.ts';
import { requireDer } from './strict-der.ts';

/** X.680 8.6: class numbers as asn1js counts them. */
const UNIVERSAL = 1;
const CONTEXT = 3;
/** Universal tag numbers that are asked for. */
export const TAG = {
  integer: 2,
  bits: 3,
  octets: 4,
  oid: 6,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const;

/** A value of ASN.1 as it was read, with its bytes. Every accessor throws TIMESTAMP_MALFORMED where it is something else. */
export class Asn1 {
  readonly #block: BaseBlock;

  private constructor(block: BaseBlock) {
    this.#block = block;
  }

  /** Reads one value that is strictly DER and fills all bytes. */
  static read(bytes: Uint8Array): Asn1 {
    requireDer(bytes);
    return new Asn1(parse(bytes));
  }

  /** The whole encoding. */
  get bytes(): Uint8Array {
    return this.#block.valueBeforeDecodeView;
  }

  /** What stands after tag and length. */
  get content(): Uint8Array {
    const { bytes } = this;
    const first = bytes[1] ?? 0;
    return bytes.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
  }

  is(tag: number): boolean {
    return this.#block.idBlock.tagClass === UNIVERSAL && this.#block.idBlock.tagNumber === tag;
  }

  isContext(tag: number): boolean {
    return this.#block.idBlock.tagClass === CONTEXT && this.#block.idBlock.tagNumber === tag;
  }

  /** Members of a sequence, a set, or of what is tagged. */
  get members(): readonly Asn1[] {
    if (!this.#block.idBlock.isConstructed || !(this.#block instanceof Constructed)) throw malformed('a list is none');
    return this.#block.valueBlock.value.map((block) => new Asn1(block));
  }

  sequence(): readonly Asn1[] {
    if (!this.is(TAG.sequence)) throw malformed('a sequence is missing');
    return this.members;
  }

  set(): readonly Asn1[] {
    if (!this.is(TAG.set)) throw malformed('a set is missing');
    return this.members;
  }

  oid(): string {
    if (!this.is(TAG.oid) || !(this.#block instanceof ObjectIdentifier))
      throw malformed('an object identifier is missing');
    return this.#block.getValue();
  }

  octets(): Uint8Array {
    if (!this.is(TAG.octets)) throw malformed('an octet string is missing');
    return this.content;
  }

  /** The bytes of a whole number, as serial numbers are compared. */
  integer(): Uint8Array {
    if (!this.is(TAG.integer)) throw malformed('a number is missing');
    return this.content;
  }

  /** A whole number that is not negative. */
  unsigned(): bigint {
    return unsignedOf(this.integer());
  }
}

/** The parser throws plain errors at some broken strings. */
function parse(bytes: Uint8Array): BaseBlock {
  try {
    const { result, offset } = fromBER(new Uint8Array(bytes));
    if (offset === bytes.length && result.error === '') return result;
  } catch {
    throw malformed('a value in it is broken');
  }
  throw malformed('a value in it is broken');
}

/** The number that the content of an INTEGER stands for. */
export function unsignedOf(content: Uint8Array): bigint {
  if ((content[0] ?? 0) >= 0x80) throw malformed('a number is negative');
  // 64 bytes: three times the longest serial number of RFC 5280.
  if (content.length > 64) throw malformed('a number is beyond all measure');
  return BigInt(`0x${Buffer.from(content).toString('hex') || '0'}`);
}

/** Takes members of a list from the front, as ASN.1 modules list them. */
export class Members {
  readonly #members: readonly Asn1[];
  #at = 0;

  constructor(members: readonly Asn1[]) {
    this.#members = members;
  }

  next(what: string): Asn1 {
    const member = this.#members[this.#at];
    if (member === undefined) throw malformed(`${what} is missing`);
    this.#at++;
    return member;
  }

  /** The next member where it is the one that may be left out. */
  optional(isIt: (member: Asn1) => boolean): Asn1 | null {
    const member = this.#members[this.#at];
    if (member === undefined || !isIt(member)) return null;
    this.#at++;
    return member;
  }

  end(what: string): void {
    if (this.#at !== this.#members.length) throw malformed(`${what} has more than it may have`);
  }
}
