import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { base64Decode } from '@custody/bytes';
import type { Ledger } from '@custody/segment';
import { broken } from '../errors.ts';
import { requireExtends } from './known-checkpoint.ts';

/** The largest checkpoint of one log that this user verified. */
interface Remembered {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** The signed note: with a second one it proves a fork. */
  readonly note: string;
  readonly seen: string;
  readonly place: string;
}

/** Where a user keeps what they saw: beside their identity, never inside a case. */
export function memoryFolder(env: NodeJS.ProcessEnv = process.env): string {
  const config = env.XDG_CONFIG_HOME;
  return join(config !== undefined && config !== '' ? config : join(homedir(), '.config'), 'custody', 'seen');
}

/**
 * Holds the log against the largest checkpoint that this user saw of it. Resolves to a sentence about what was compared, or
 * null where nothing was known. Throws LOG_ROLLED_BACK, LOG_FORKED; ANCHOR_MALFORMED where the memory itself is damaged.
 */
export async function compareWithMemory(folder: string, ledger: Ledger): Promise<string | null> {
  const file = fileOf(folder, ledger.origin);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw broken(
      'ANCHOR_MALFORMED',
      `${file} cannot be read (${error.code}): what you saw of the log before is not known`,
    );
  });
  if (text === null) return null;
  const seen = read(text, file);
  requireExtends(
    ledger,
    { size: seen.size, root: base64Decode(seen.root) },
    `an earlier verification (${seen.seen}, ${seen.place})`,
  );
  return `the log extends the ${seen.size} entries that you verified on ${seen.seen}`;
}

/**
 * Remembers the newest checkpoint of a log that was found sound, unless a larger one is remembered. Resolves to false where
 * nothing can be written there.
 */
export async function remember(folder: string, ledger: Ledger, place: string): Promise<boolean> {
  const file = fileOf(folder, ledger.origin);
  const known = await readFile(file, 'utf8').then(
    (text) => read(text, file).size,
    () => 0,
  );
  if (known >= ledger.size) return true;
  const remembered: Remembered = {
    origin: ledger.origin,
    size: ledger.size,
    root: Buffer.from(ledger.root()).toString('base64'),
    note: ledger.checkpoint ?? '',
    seen: new Date().toISOString(),
    place,
  };
  return replaceFile(folder, file, `${JSON.stringify(remembered, null, 2)}\n`);
}

async function replaceFile(folder: string, file: string, text: string): Promise<boolean> {
  const temp = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(temp, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, file);
    return true;
  } catch {
    await rm(temp, { force: true }).catch(() => {});
    return false;
  }
}

/** Origins have slashes and whatever else; their hash makes a name. */
function fileOf(folder: string, origin: string): string {
  return join(folder, `${createHash('sha256').update(origin).digest('hex').slice(0, 32)}.json`);
}

function read(text: string, file: string): Remembered {
  try {
    const value = JSON.parse(text) as Partial<Remembered>;
    const { size, root, seen, place } = value;
    const isWhole =
      Number.isSafeInteger(size) && (size as number) > 0 && typeof seen === 'string' && typeof place === 'string';
    if (isWhole && typeof root === 'string' && base64Decode(root).length === 32) return value as Remembered;
  } catch {
    // Said below.
  }
  throw broken(
    'ANCHOR_MALFORMED',
    `${file} is damaged: what you saw of the log before is not known. Keep it and look into it`,
  );
}
