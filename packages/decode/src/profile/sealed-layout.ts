import { utf8Encode } from '@custody/bytes';
import type { Authentication } from '@custody/evidence';
import type { SealedPart, SealedPayload } from './profile.ts';
import { showPath } from './show-path.ts';
import type { Slot, Slots } from './slots.ts';

/** A stretch of one of the decoded fields; negative: from its end; `to` null: up to its end. */
export interface PartLayout {
  /** Index into `encoded`. */
  readonly source: number;
  readonly from: number;
  readonly to: number | null;
}

export interface SealedLayout {
  readonly hex: boolean;
  /** Slots of the encoded fields, each decoded once. */
  readonly encoded: readonly Slot[];
  /** -1: every key of the profile is a candidate. */
  readonly key: Slot;
  readonly iv: PartLayout;
  readonly ciphertext: PartLayout;
  readonly tag: PartLayout | null;
  readonly aad: readonly { readonly slot: Slot; readonly text: Uint8Array }[];
  readonly supported: { readonly slot: Slot; readonly values: readonly Uint8Array[] } | null;
  readonly compression: NonNullable<SealedPayload['compression']>;
  readonly authentication: Authentication;
}

export function sealedLayout(sealed: SealedPayload, slots: Slots): SealedLayout {
  const encoded: Slot[] = [];
  const part = (from: SealedPart): PartLayout => {
    const slot = slots.of(from.field);
    if (!encoded.includes(slot)) encoded.push(slot);
    return { source: encoded.indexOf(slot), from: from.from ?? 0, to: from.to ?? null };
  };
  return {
    hex: sealed.encoding === 'hex',
    key: slots.of(sealed.key?.field),
    iv: part(sealed.iv),
    ciphertext: part(sealed.ciphertext),
    tag: sealed.tag === null ? null : part(sealed.tag),
    encoded,
    aad: (sealed.aad ?? []).map((piece) =>
      'field' in piece ? { slot: slots.of(piece.field), text: EMPTY } : { slot: -1, text: utf8Encode(piece.text) },
    ),
    supported:
      sealed.supported === undefined
        ? null
        : { slot: slots.of(sealed.supported.field), values: sealed.supported.values.map(utf8Encode) },
    compression: sealed.compression ?? 'none',
    authentication: sealed.tag === null ? notAuthenticated : authenticated(sealed),
  };
}

const EMPTY = new Uint8Array(0);

const notAuthenticated: Authentication = {
  mechanism: 'AES-256-GCM without its tag',
  result: 'not-verified',
  proves:
    'The dump kept no authentication tags. The text was decrypted with the supplied key; nothing shows that the record is unaltered.',
};

/** AES-GCM with one key for both ends says that a key holder sealed it, and not which one (NIST SP 800-38D). */
function authenticated(sealed: SealedPayload): Authentication {
  const covered = (sealed.aad ?? []).flatMap((piece) => ('field' in piece ? [showPath(piece.field)] : []));
  const fields = covered.length === 0 ? '' : ` and the fields ${covered.join(', ')}`;
  return {
    mechanism: 'AES-256-GCM',
    result: 'verified',
    proves:
      `The sealed text${fields} are as a holder of the key sealed them. ` +
      'Anybody who had the key could have sealed them, the supplier of the dump included. ' +
      'The other fields of the record are not covered.',
  };
}
