import { hexEncode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import type { Random } from '../../../../test/random.ts';
import type { SuppliedKey } from '../keyring.ts';
import { type Decoded, decodeAll } from './decode-all.ts';
import { captureFileOf, type IntactCapture } from './intact-capture.ts';

/** A copy of a capture with one thing wrong. */
export interface DamagedCopy {
  /** What was done, for the complaint. */
  readonly what: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

type Mutation = (bytes: Uint8Array, random: Random) => readonly [what: string, damaged: Uint8Array];

const patched = (bytes: Uint8Array, at: number, by: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  by.forEach((byte, i) => {
    if (at + i < copy.length) copy[at + i] = byte;
  });
  return copy;
};
/** Lengths and counts as formats spell them: the largest of 16, 32 and 64 bits in either order, a varint, digits. */
const HUGE: readonly (readonly number[])[] = [
  [0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [...'9999999999'].map((digit) => digit.charCodeAt(0)),
];

/** One kind of damage each, at a random place. */
export const MUTATIONS: Readonly<Record<'cut' | 'flip' | 'oversized' | 'doubled', Mutation>> = {
  cut: (bytes, random) => {
    const at = random.below(Math.max(1, bytes.length));
    return [`cut at ${at}`, bytes.subarray(0, at)];
  },
  flip: (bytes, random) => {
    const [at, bit] = [random.below(Math.max(1, bytes.length)), random.below(8)];
    return [`bit ${bit} of byte ${at}`, patched(bytes, at, [(bytes[at] ?? 0) ^ (1 << bit)])];
  },
  oversized: (bytes, random) => {
    const [at, by] = [random.below(Math.max(1, bytes.length)), random.pick(HUGE)];
    return [`${by.join(' ')} at ${at}`, patched(bytes, at, by)];
  },
  doubled: (bytes, random) => {
    const from = random.below(bytes.length + 1);
    const to = from + random.below(bytes.length - from + 1);
    const parts = [bytes.subarray(0, to), bytes.subarray(from)];
    return [`${from} to ${to} twice`, new Uint8Array(Buffer.concat(parts))];
  },
};

/** Copies of a capture with one file changed: the one that is decoded, or now and then one beside it. */
export function* damagedCopies(
  { name, files }: IntactCapture,
  kind: keyof typeof MUTATIONS,
  { random, count }: { readonly random: Random; readonly count: number },
): Generator<DamagedCopy> {
  const names = [...files.keys()];
  for (let i = 0; i < count; i++) {
    const which = files.size > 1 && i % 2 === 1 ? random.pick(names) : name;
    const [what, damaged] = MUTATIONS[kind](files.get(which) as Uint8Array, random);
    yield { what: `${which}: ${what}`, files: new Map([...files, [which, damaged]]) };
  }
}

/** Copies that are cut where the structure has a border, and empty ones. */
export function* cutAtBorders({ name, files, borders }: IntactCapture): Generator<DamagedCopy> {
  const bytes = files.get(name) as Uint8Array;
  for (const at of new Set([0, 1, ...(borders ?? []), bytes.length - 1])) {
    yield { what: `cut at ${at}`, files: new Map([...files, [name, bytes.subarray(0, at)]]) };
  }
}

/** Copies without one of their files. */
export function* withoutMembers({ name, files }: IntactCapture): Generator<DamagedCopy> {
  for (const missing of files.keys()) {
    if (missing === name) continue;
    yield { what: `without ${missing}`, files: new Map([...files].filter(([other]) => other !== missing)) };
  }
}

export function decodeCopy(
  capture: IntactCapture,
  files: IntactCapture['files'] = capture.files,
  keys: readonly SuppliedKey[] = capture.keys,
): Promise<Decoded> {
  return decodeAll(capture.format, captureFileOf({ name: capture.name, files }), { keys, combine: true });
}

/** What is wrong with what became of a damaged copy; null where the properties hold. */
export function complaintOf(decoded: Decoded, intact: Decoded, isLoose: boolean): string | null {
  const { records, decoded: read, lost, notCovered } = decoded.counts;
  if (lost !== null && records !== read + lost + notCovered) return 'the counts do not add up';
  const known = new Set(['', ...intact.items.map(keyOf)]);
  const strange = decoded.items.find((item) => item.authentication?.result === 'verified' && !known.has(keyOf(item)));
  if (strange !== undefined) return `gave as verified what is not in the intact capture (${strange.kind})`;
  const isEmpty = decoded.findings.some(({ code, records: of }) => code === 'NOT_COVERED' && of === 0);
  const isSaid =
    isEmpty || decoded.findings.some(({ class: of }) => of !== 'note') || uncovered(decoded) > uncovered(intact);
  if (!isLoose && placesOf(decoded) < placesOf(intact) && !isSaid) return 'records are missing and no finding says so';
  return null;
}

function uncovered({ findings }: Decoded): number {
  return findings.reduce((sum, { code, records }) => sum + (code === 'NOT_COVERED' ? (records ?? 0) : 0), 0);
}

/** Records that gave items: what one record gives may change with a word inside it. */
function placesOf({ items }: Decoded): number {
  return new Set(items.map(({ locator }) => `${locator.path}:${locator.offset}`)).size;
}

/**
 * The text: ids and kinds may stand in other records than it, which the proof over the text does not cover. Notes are
 * rows as they stand, also of databases whose schema is lost, and other words then.
 */
function keyOf({ kind, body }: Item): string {
  return body === null || kind === 'note' ? '' : hexEncode(body);
}
