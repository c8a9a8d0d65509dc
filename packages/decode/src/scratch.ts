import type { ByteSource } from './byte-source.ts';

/**
 * Where a decoder keeps what it must read at random and cannot keep in memory (a decrypted database). What is
 * written never stands anywhere in clear. A handle can be sent to another thread of the same process.
 */
export interface Scratch {
  create(): ScratchFile;
  open(handle: ScratchHandle): ByteSource;
}

export interface ScratchFile {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** No more appends; what was written can be opened from now on. */
  finish(): ScratchHandle;
  /** Destroys what was written, before or after `finish`. */
  discard(): void;
}

/** Opaque to decoders; survives structured cloning. */
export interface ScratchHandle {
  readonly id: string;
  readonly length: number;
}
