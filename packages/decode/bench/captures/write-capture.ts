import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largeCrypt15, largeDesktop, largeIos, largeSqlcipher, type WrittenCapture } from './large-databases.ts';
import { largeRemote, largeSignal, largeSnapshot, largeTelegram, largeText, largeThreema } from './large-files.ts';
import { largeMatrix } from './large-matrix.ts';

type Writer = (folder: string, size: number) => WrittenCapture | Promise<WrittenCapture>;

/** Invented captures of any size, one a container; written without any code of a decoder. */
export const WRITERS: Readonly<Record<string, Writer>> = {
  'signal-backup': (folder, size) => largeSignal(folder, size),
  'signal-backup-files': (folder, size) => largeSignal(folder, size, { every: 300, file: 10_000_000 }),
  'signal-backup-v2-file': largeRemote,
  'signal-backup-v2-folder': largeSnapshot,
  'whatsapp-crypt15': largeCrypt15,
  'whatsapp-text': largeText,
  sqlcipher: largeSqlcipher,
  'signal-desktop': largeDesktop,
  'ios-backup': largeIos,
  'matrix-synapse': largeMatrix,
  telegram: largeTelegram,
  threema: largeThreema,
};

/** Writes a capture and its keyring into a folder; what `memory.bench.ts` takes. */
export async function writeCapture(kind: string, folder: string, size: number): Promise<string[]> {
  const write = WRITERS[kind];
  if (write === undefined) throw new Error(`no writer ${kind}: ${Object.keys(WRITERS).join(', ')}`);
  mkdirSync(folder, { recursive: true });
  const { path, inside, keys } = await write(folder, size);
  const keyring = join(folder, 'keyring.json');
  writeFileSync(keyring, JSON.stringify({ keys }));
  return inside === undefined ? [path, keyring] : [path, keyring, inside];
}
