/** One supplied key: `bytes` or `passphrase`; both only where the bytes are a file that the passphrase opens (`matrix-key-export`). */
export interface SuppliedKey {
  /** What it is for: `whatsapp-crypt15`, `whatsapp-key`, `signal-backup`, `matrix-key-export`, `sqlcipher`, `signal-desktop`, `ios-backup`, `profile:NAME` … or `file` for a platform key file of unknown kind. */
  readonly for: string;
  /** Key id within its purpose (profiles look keys up by it). */
  readonly id?: string;
  readonly bytes?: Uint8Array;
  readonly passphrase?: string;
  /** Where it came from, for findings: a file name, never a value. */
  readonly source: string;
}

/** The key material that the order supplied. Supplied keys are tried; keys are not guessed. */
export interface Keyring {
  readonly keys: readonly SuppliedKey[];
}

/** More unaddressed candidates than this for one unit are refused: trying many keys is guessing. */
export const MOST_CANDIDATES = 16;
