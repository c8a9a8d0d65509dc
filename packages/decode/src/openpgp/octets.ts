/** Something in the bytes that OpenPGP does not allow, in words. Caught where a message or key is read. */
export class PgpMalformed extends Error {}

/** Something OpenPGP allows and this build does not read. */
export class PgpUnsupported extends Error {}

/** Reads a packet's body. Throws PgpMalformed at its end. */
export class Octets {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new PgpMalformed('a field reaches beyond its packet');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  u16(): number {
    const [a, b] = this.take(2) as unknown as [number, number];
    return (a << 8) | b;
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A multiprecision integer, without the leading zeros that some writers leave. */
  mpi(): Uint8Array {
    const number = this.take((this.u16() + 7) >> 3);
    let zeros = 0;
    while (number[zeros] === 0) zeros++;
    return number.subarray(zeros);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }
}
