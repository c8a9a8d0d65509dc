/** Random access to bytes that do not change. Reads are synchronous: a decoder walks trees. */
export interface ByteSource {
  readonly length: number;
  /** The bytes `[offset, offset + length)`, cut at the end of the source: fewer bytes than asked means the end. */
  read(offset: number, length: number): Uint8Array;
}
