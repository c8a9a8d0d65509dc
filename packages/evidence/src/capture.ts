/** How a capture came to the lab: what was said, by whom, and what was not said. */
export interface Receipt {
  /** SHA-256 hex that the supplier stated; `none` where the supplier stated none; null where nobody was asked. */
  readonly supplierHash: string | 'none' | null;
  readonly receivedFrom: string | null;
  /** ISO 8601 text as stated. */
  readonly acquiredAt: string | null;
  readonly exhibitRef: string | null;
  readonly sealNumber: string | null;
}

/** One acquired file, directory or stream as received. */
export interface Capture {
  /** SHA-256 hex of the bytes; of the manifest for a directory. */
  readonly sha256: string;
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly length: number;
  readonly receipt: Receipt;
}
