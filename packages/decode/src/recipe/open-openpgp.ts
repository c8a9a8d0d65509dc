import { createHash } from 'node:crypto';
import { readArmor } from '../openpgp/armor.ts';
import { isKeyFile, type Keyring, readKeyring } from '../openpgp/keyring.ts';
import { type OpenedMessage, openMessage } from '../openpgp/open-message.ts';
import type { OpenedStandard } from './opened-standard.ts';
import { fail, type Refusal, StepFailure } from './step-failure.ts';

/** Keyrings that are kept: unlocking one is slow on purpose. */
const MOST_KEPT = 64;
const rings = new Map<string, Keyring>();

const REFUSALS: Readonly<Partial<Record<OpenedMessage['outcome'], Refusal>>> = {
  failed: 'failed',
  'key-missing': 'key-missing',
  unsupported: 'unsupported',
  malformed: 'malformed',
  limit: 'too-long',
};

/**
 * Opens an OpenPGP message (RFC 9580, RFC 4880), armoured or not, with a key file, and the password of a locked one; a
 * key that is no key file is the message's own passphrase. Authenticated where an AEAD tag or the MDC was found right:
 * signatures are not asked for. Throws StepFailure.
 */
export function openOpenpgp(bytes: Buffer, key: Buffer, password: Buffer | null): OpenedStandard {
  const opened = openMessage(packetsOf(bytes), ringOf(key, password));
  const { literal, outcome, why } = opened;
  const refusal = REFUSALS[outcome];
  if (refusal !== undefined) return fail(refusal, `the OpenPGP message: ${why}`);
  if (literal === null) return fail('malformed', 'the OpenPGP message holds no text');
  return { text: Buffer.from(literal.data), authenticated: outcome === 'authenticated' };
}

function ringOf(key: Buffer, password: Buffer | null): Keyring {
  const hash = createHash('sha256').update(`${key.length}:`).update(key);
  const name = hash.update(password ?? Buffer.alloc(0)).digest('base64');
  let ring = rings.get(name);
  if (ring === undefined) {
    const passphrases = password === null ? [] : [password.toString('utf8')];
    ring = isKeyFile(key)
      ? readKeyring([{ bytes: key, passphrases, source: 'the key supplied' }], [])
      : readKeyring([], [key.toString('utf8'), ...passphrases]);
    if (rings.size >= MOST_KEPT) rings.clear();
    rings.set(name, ring);
  }
  if (ring.keys.length > 0 && ring.keys.every(({ locked }) => locked === 'passphrase'))
    throw new StepFailure('key-missing', 'the OpenPGP key supplied is locked, and no password supplied with it fits');
  return ring;
}

function packetsOf(bytes: Buffer): Uint8Array {
  if ((bytes[0] ?? 0) & 0x80) return bytes;
  const block = readArmor(bytes.toString('latin1')).find(({ kind }) => kind.startsWith('MESSAGE'));
  return block?.bytes ?? fail('malformed', 'no OpenPGP message, armoured or not');
}
