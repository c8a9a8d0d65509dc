import type { BinaryValue } from '../containers/binary-value.ts';
import { wholeCbor } from '../containers/read-cbor.ts';
import { fail } from './step-failure.ts';

/** A COSE header: labels are small integers or text. */
export type CoseHeader = ReadonlyMap<BinaryValue, BinaryValue>;

/** A COSE structure, protected header first as the bytes that are authenticated (RFC 9052 2). */
export interface CoseLayer {
  readonly protected: Buffer;
  readonly header: CoseHeader;
  readonly ciphertext: Buffer;
  readonly recipients: readonly BinaryValue[];
}

/** Label of the list of parameters that must be understood. */
const CRIT = 2;

/** An array of a protected header, an unprotected one, the ciphertext and perhaps recipients. */
export function layerOf(value: BinaryValue): CoseLayer {
  if (!Array.isArray(value) || value.length < 3) return fail('malformed', 'no COSE structure');
  const [covered, plain, ciphertext, recipients = []] = value as readonly BinaryValue[];
  if (!(covered instanceof Uint8Array) || !(plain instanceof Map) || !Array.isArray(recipients))
    return fail('malformed', 'no COSE structure');
  const inner = covered.length === 0 ? new Map() : wholeCbor(covered);
  if (!(inner instanceof Map)) return fail('malformed', 'the protected header of a COSE structure is no map');
  for (const label of inner.keys()) {
    if (plain.has(label)) return fail('malformed', 'a COSE header parameter stands twice');
  }
  if (inner.has(CRIT)) return fail('unsupported', 'a COSE message with critical parameters');
  return {
    // RFC 9052 3: an empty map is authenticated as no bytes at all.
    protected: inner.size === 0 ? Buffer.alloc(0) : Buffer.from(covered),
    header: new Map([...inner, ...plain]),
    ciphertext: ciphertext instanceof Uint8Array ? Buffer.from(ciphertext) : Buffer.alloc(0),
    recipients,
  };
}
