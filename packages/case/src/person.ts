import { hkdfSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Signer } from '@custody/chain';
import { signerFromSeed } from '@custody/segment';
import { type AgeIdentity, generateIdentity, readIdentity } from '@custody/vault';
import { usage } from './errors.ts';

/** Who acts: an age identity that opens, and a signing key derived from it. Never stored inside a case. */
export interface Person {
  readonly name: string;
  readonly role: string | null;
  readonly organisation: string | null;
  readonly identity: AgeIdentity;
  readonly signer: Signer;
  /** The identity file. */
  readonly path: string;
}

export interface PersonDetails {
  readonly name?: string;
  readonly role?: string;
  readonly organisation?: string;
}

/** `$CUSTODY_IDENTITY`, else a file in the user's configuration. */
export function identityPath(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.CUSTODY_IDENTITY;
  if (own !== undefined && own !== '') return own;
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'custody', 'identity.txt');
}

/** Reads the acting person. Throws UsageError IDENTITY_UNREADABLE that says how to get one. */
export async function loadPerson(path: string = identityPath()): Promise<Person> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it cannot be read';
    throw usage(
      'IDENTITY_UNREADABLE',
      `no identity at ${path}: ${why}. "custody init" or "custody operator" makes one`,
    );
  });
  return personOf(text, path);
}

/** Reads the acting person, making an identity file (mode 0600) where there is none. */
export async function loadOrCreatePerson(details: PersonDetails = {}, path: string = identityPath()): Promise<Person> {
  const existing = await readFile(path, 'utf8').catch(() => null);
  if (existing !== null) return personOf(existing, path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const identity = generateIdentity();
  const lines = [`# custody identity; keep it secret`, `# public key: ${identity.recipient}`];
  for (const [key, value] of Object.entries({ name: details.name ?? loginName(), ...details })) {
    lines.push(`# ${key}: ${value.replaceAll('\n', ' ')}`);
  }
  await writeFile(path, `${lines.join('\n')}\n${identity.secret}\n`, { mode: 0o600, flag: 'wx' });
  return loadPerson(path);
}

function personOf(text: string, path: string): Person {
  const identity = readIdentity(text);
  const note = (key: string) => new RegExp(`^# ${key}: (.+)$`, 'm').exec(text)?.[1]?.trim() ?? null;
  return {
    name: note('name') ?? loginName(),
    role: note('role'),
    organisation: note('organisation'),
    identity,
    signer: signerOf(identity),
    path,
  };
}

/** One secret to keep, two uses kept apart: RFC 5869 with a label of its own. */
function signerOf(identity: AgeIdentity): Signer {
  const secret = Buffer.from(identity.secret, 'ascii');
  return signerFromSeed(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'custody/person-signing/v1', 32)));
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
