/** Random access to bytes that do not change. Reads are synchronous: a decoder walks trees. */
export interface ByteSource {
  readonly length: number;
  /** The bytes `[offset, offset + length)`, cut at the end of the source: fewer bytes than asked means the end. */
  read(offset: number, length: number): Uint8Array;
  /** Fills `into` with the bytes from `offset`, all of which must be there: for whoever goes through long stretches in one memory. */
  readInto?(offset: number, into: Uint8Array): void;
}
