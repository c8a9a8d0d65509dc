import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { base64Decode, base64Encode, concatBytes, hexEncode } from '@custody/bytes';
import { COSIGNATURE_TYPE, isWeakPublicKey, type Signer, type VerifierKey, verifierKey } from '@custody/chain';
import { signerFromSeed } from '@custody/segment';
import { usage } from '../errors.ts';

/** A witness: its name, its public half for others, and what signs. */
export interface WitnessKey {
  readonly key: VerifierKey;
  readonly signer: Signer;
}

const PREFIX = 'PRIVATE+KEY+';
const SEED_LENGTH = 32;

/** Makes a key and writes it to a file that only its owner reads. Throws UsageError where the file is there. */
export async function makeWitnessKey(file: string, name: string): Promise<WitnessKey> {
  const seed = new Uint8Array(randomBytes(SEED_LENGTH));
  const made = keyOf(name, seed);
  const encoded = base64Encode(concatBytes([Uint8Array.of(COSIGNATURE_TYPE), seed]));
  const text = `${PREFIX}${name}+${hexEncode(made.key.id)}+${encoded}\n`;
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw usage(
      'ARGUMENT_INVALID',
      `${file} cannot be made (${(error as NodeJS.ErrnoException).code}): a key is not overwritten`,
    );
  }
  return made;
}

/** Reads a key file: `PRIVATE+KEY+name+id+base64(type || seed)`, as notes of golang.org/x/mod have it. */
export async function readWitnessKey(file: string): Promise<WitnessKey> {
  const text = (await readFile(file, 'utf8')).trim();
  const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const bytes = match === null ? new Uint8Array(0) : decode(match[3] as string);
  if (match === null || bytes[0] !== COSIGNATURE_TYPE || bytes.length !== 1 + SEED_LENGTH) throw unreadable(file);
  const read = keyOf(match[1] as string, bytes.subarray(1));
  if (hexEncode(read.key.id) !== match[2] || isWeakPublicKey(read.signer.publicKey)) throw unreadable(file);
  return read;
}

function keyOf(name: string, seed: Uint8Array): WitnessKey {
  const signer = signerFromSeed(seed);
  return { key: verifierKey(name, signer.publicKey, COSIGNATURE_TYPE), signer };
}

function decode(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch {
    return new Uint8Array(0);
  }
}

function unreadable(file: string): Error {
  return usage('ARGUMENT_INVALID', `${file} is no witness key: "custody witness key --name NAME --out FILE" makes one`);
}
