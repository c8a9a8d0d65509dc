/** A SHA-256 under way: feed it in order, take the 32-byte digest once. */
export interface Sha256 {
  update(data: Uint8Array): this;
  digest(): Uint8Array;
}
