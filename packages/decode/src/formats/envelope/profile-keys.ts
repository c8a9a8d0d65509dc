import { createSecretKey, type KeyObject } from 'node:crypto';
import { UsageError } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { DecodeErrorCode } from '../../errors.ts';
import { type Keyring, MOST_CANDIDATES, type SuppliedKey } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { keyIdOf } from '../../keys/key-id.ts';

const AES_256_KEY = 32;
const NONE: readonly KeyObject[] = [];

/** The keys supplied for one profile, by id. A KeyObject is made once: AES with a raw key is four times slower. */
export class ProfileKeys {
  readonly ids: readonly string[];
  /** What cannot be a key of this cipher. */
  readonly findings: readonly Finding[];
  readonly #byId = new Map<string, readonly KeyObject[]>();
  readonly #unaddressed: readonly KeyObject[];
  readonly #all: readonly KeyObject[];

  /** @throws UsageError TOO_MANY_CANDIDATES where more than 16 keys would have to be tried on one record. */
  constructor(keyring: Keyring, profile: string, byId: boolean) {
    const purpose = `profile:${profile}`;
    const ours = keyring.keys.filter((key) => key.for === purpose);
    const usable = ours.filter(isKey);
    this.findings = ours.filter((key) => !isKey(key)).map(unusable);
    this.ids = [...new Set(usable.map((key) => keyIdOf(key.bytes as Uint8Array)))];
    const addressed = new Set(usable.flatMap((key) => (key.id === undefined ? [] : [key.id])));
    if (byId)
      for (const id of addressed)
        this.#byId.set(
          id,
          objects(keyring, purpose, (key) => isKey(key) && key.id === id),
        );
    this.#unaddressed = objects(keyring, purpose, (key) => isKey(key) && key.id === undefined);
    this.#all = byId ? NONE : objects(keyring, purpose, isKey);
  }

  /** Candidates for a record that names this key: the keys with the id, else those supplied without one. */
  named(id: string): readonly KeyObject[] {
    return this.#byId.get(id) ?? this.#unaddressed;
  }

  /** Candidates for a record that names no key. */
  all(): readonly KeyObject[] {
    return this.#all;
  }
}

function isKey(key: SuppliedKey): boolean {
  return key.bytes?.length === AES_256_KEY;
}

function objects(keyring: Keyring, purpose: string, fits: (key: SuppliedKey) => boolean): readonly KeyObject[] {
  const { keys, tooMany } = candidatesFor(keyring, [purpose], fits);
  if (tooMany !== null) {
    throw new UsageError<DecodeErrorCode>(
      'TOO_MANY_CANDIDATES',
      `${tooMany} keys for ${purpose} would have to be tried on one record, at most ${MOST_CANDIDATES} may be; give each its "id" in the keyring`,
    );
  }
  return keys.map((key) => createSecretKey(key.bytes as Uint8Array));
}

function unusable(key: SuppliedKey): Finding {
  const what = key.bytes === undefined ? 'a passphrase' : `${key.bytes.length} bytes long`;
  return {
    code: 'KEY_NOT_VERIFIED',
    class: 'note',
    records: null,
    locator: null,
    related: [],
    detail: `a key supplied in ${key.source} is ${what}; AES-256 needs 32 bytes, so it was not used`,
  };
}
