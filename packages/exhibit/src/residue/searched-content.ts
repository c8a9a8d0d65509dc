import { concatBytes, hexDecode, utf8Encode } from '@custody/bytes';
import { BARRIER } from './fold-letters.ts';

/** Keys of exhibit.json under which hashes, salts and signatures stand, and nothing that anybody wrote. */
const RANDOM_KEYS: ReadonlySet<string> = new Set([
  ...[
    'salt',
    'digest',
    'previous',
    'path',
    'proof',
    'bytes',
    'consistency',
    'pdf',
    'build',
    'checkpoint',
    'verifierKey',
  ],
  ...['evidenceRoot', 'capture', 'witnesses', 'raw', 'media'],
]);
/** Values gathered before they are searched. */
const BATCH = 1024 * 1024;

/**
 * What somebody wrote in a document, in stretches of some size with barriers between values: texts as they are, opened
 * fields as the bytes that their hex stands for. Without hashes and salts, in which short values occur by chance.
 */
export function* writtenIn(document: unknown): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const value of values(document, '')) {
    waiting.push(value, BARRIER);
    length += value.length;
    if (length < BATCH) continue;
    yield concatBytes(waiting);
    waiting = [];
    length = 0;
  }
  yield concatBytes(waiting);
}

function* values(node: unknown, key: string): Generator<Uint8Array> {
  if (typeof node === 'string') {
    yield utf8Encode(node);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node) yield* values(one, key);
    return;
  }
  const isOpened = 'salt' in node;
  for (const [name, value] of Object.entries(node)) {
    if (RANDOM_KEYS.has(name)) continue;
    if (isOpened && name === 'value' && typeof value === 'string') yield hexDecode(value);
    else yield* values(value, name);
  }
}
