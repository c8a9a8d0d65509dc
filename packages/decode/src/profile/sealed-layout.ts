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

/** A piece of the additional data: a field as it stands, else a stretch of a decoded field, else a constant. */
export interface AadLayout {
  /** -1: no field. */
  readonly slot: Slot;
  readonly part: PartLayout | null;
  readonly text: Uint8Array;
}

/** Where a record has what AES-GCM needs: enough to open it among many, once its key is known. */
export interface BatchLayout {
  /** Slots of the encoded fields, each decoded once. */
  readonly encoded: readonly Slot[];
  /** Of each of them whether it is hexadecimal; else it is base64. */
  readonly hex: readonly boolean[];
  readonly iv: PartLayout;
  readonly ciphertext: PartLayout;
  readonly tag: PartLayout | null;
  readonly aad: readonly AadLayout[];
  readonly supported: { readonly slot: Slot; readonly values: readonly Uint8Array[] } | null;
}

export interface SealedLayout extends BatchLayout {
  /** -1: every key of the profile is a candidate. */
  readonly key: Slot;
  readonly compression: NonNullable<SealedPayload['compression']>;
  readonly authentication: Authentication;
}

export function sealedLayout(sealed: SealedPayload, slots: Slots): SealedLayout {
  const fields = new EncodedFields(slots);
  const part = (from: SealedPart) => fields.part(from, sealed.encoding === 'hex');
  return {
    key: slots.of(sealed.key?.field),
    iv: part(sealed.iv),
    ciphertext: part(sealed.ciphertext),
    tag: sealed.tag === null ? null : part(sealed.tag),
    encoded: fields.slots,
    hex: fields.hex,
    aad: (sealed.aad ?? []).map((piece) =>
      'field' in piece ? wholeField(slots.of(piece.field)) : constantAad(utf8Encode(piece.text)),
    ),
    supported: supportedLayout(sealed.supported, slots),
    compression: sealed.compression ?? 'none',
    authentication: sealed.tag === null ? notAuthenticated : authenticated(sealed),
  };
}

/** Collects the encoded fields of a payload. */
export class EncodedFields {
  readonly slots: Slot[] = [];
  readonly hex: boolean[] = [];
  readonly #of: Slots;

  constructor(of: Slots) {
    this.#of = of;
  }

  part({ field, from, to }: SealedPart, isHex: boolean): PartLayout {
    const slot = this.#of.of(field);
    let source = this.slots.findIndex((known, i) => known === slot && this.hex[i] === isHex);
    if (source < 0) {
      source = this.slots.push(slot) - 1;
      this.hex.push(isHex);
    }
    return { source, from: from ?? 0, to: to ?? null };
  }
}

export function wholeField(slot: Slot): AadLayout {
  return { slot, part: null, text: EMPTY };
}

export function constantAad(text: Uint8Array): AadLayout {
  return { slot: -1, part: null, text };
}

export function supportedLayout(supported: SealedPayload['supported'], slots: Slots): BatchLayout['supported'] {
  if (supported === undefined) return null;
  return { slot: slots.of(supported.field), values: supported.values.map(utf8Encode) };
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
