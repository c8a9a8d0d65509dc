/** C2SP tlog-cosignature v1 (Ed25519): a witness states that, as of a time, this is the largest log it saw, and consistent. */
import { concatBytes, u64be, utf8Encode } from '@custody/bytes';
import { usageError } from './errors.ts';
import { encodeSignatureLine, type NoteSignature } from './note.ts';
import type { Signer } from './signature-ports.ts';
import { COSIGNATURE_TYPE, verifierKey } from './verifier-key.ts';

/** A witness's signature line over a checkpoint's text at `time`, in seconds since 1970. */
export function cosign(
  text: string,
  time: number,
  witness: { readonly name: string; readonly signer: Signer },
): string {
  if (!Number.isSafeInteger(time) || time < 0) throw usageError(`no cosignature is made at ${time}`);
  const { name, signer } = witness;
  const { id } = verifierKey(name, signer.publicKey, COSIGNATURE_TYPE);
  const message = utf8Encode(`cosignature/v1\ntime ${time}\n${text}`);
  const line: NoteSignature = { name, id, signature: concatBytes([u64be(BigInt(time)), signer.sign(message)]) };
  return encodeSignatureLine(line);
}
