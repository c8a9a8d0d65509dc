import { hexEncode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import { Random } from '../../../../test/random.ts';
import type { Format } from '../format.ts';
import type { Keyring } from '../keyring.ts';
import { type Decoded, decodeCapture } from './decode-capture.ts';

const ALL = process.env.CUSTODY_LONG === '1';

export interface SweepOptions {
  readonly name: string;
  readonly keyring: Keyring;
  readonly seed: number;
  /** Offsets where the structure has a border. */
  readonly borders?: readonly number[];
  /** How many of the 200 cuts and 500 flips the ordinary test run tries; `CUSTODY_LONG=1` tries all. */
  readonly few: number;
  /** What of an item must be the same in the intact capture; kind, id and text where it is left out. */
  readonly keyOf?: (item: Item) => string;
}

/** What a damaged copy made wrong; empty where the properties hold. */
export type Complaint = string;

/**
 * Decodes copies that are cut at borders and at random offsets, and copies with one bit changed. Each must end without
 * a throw; what it gives as verified must be in the intact capture; where records are missing, a finding must say that
 * something is lost or in doubt; and its counts must add up.
 */
export async function sweepDamage(format: Format, bytes: Uint8Array, options: SweepOptions): Promise<Complaint[]> {
  const intact = await decodeCapture(format, bytes, options);
  const known = new Set(intact.items.map(options.keyOf ?? keyOf));
  const random = new Random(options.seed);
  const complaints: Complaint[] = [];
  const cuts = [...(options.borders ?? []), ...Array.from({ length: 200 }, () => random.below(bytes.length))];
  const flips = Array.from({ length: 500 }, () => [random.below(bytes.length), random.below(8)] as const);
  const most = ALL ? Number.POSITIVE_INFINITY : options.few;
  for (const at of cuts.slice(0, (options.borders?.length ?? 0) + most)) {
    const wrong = await judge(format, bytes.subarray(0, at), options, { known, intact });
    if (wrong !== null) complaints.push(`cut at ${at}: ${wrong}`);
  }
  for (const [at, bit] of flips.slice(0, most)) {
    const copy = bytes.slice();
    copy[at] = (copy[at] as number) ^ (1 << bit);
    const wrong = await judge(format, copy, options, { known, intact });
    if (wrong !== null) complaints.push(`bit ${bit} of byte ${at}: ${wrong}`);
  }
  return complaints;
}

async function judge(
  format: Format,
  bytes: Uint8Array,
  options: SweepOptions,
  { known, intact }: { readonly known: ReadonlySet<string>; readonly intact: Decoded },
): Promise<string | null> {
  let decoded: Decoded;
  try {
    decoded = await decodeCapture(format, bytes, options);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const { records, decoded: read, lost, notCovered } = decoded.counts;
  if (lost !== null && records !== read + lost + notCovered) return 'the counts do not add up';
  const nameOf = options.keyOf ?? keyOf;
  const strange = decoded.items.find((item) => item.authentication?.result === 'verified' && !known.has(nameOf(item)));
  if (strange !== undefined) return `gave as verified what is not in the intact capture (${strange.kind})`;
  // Where nothing is authenticated a changed name makes a table an unknown one: its rows are counted as such.
  const isSaid = decoded.findings.some(({ class: of }) => of !== 'note') || uncovered(decoded) > uncovered(intact);
  if (placesOf(decoded) < placesOf(intact) && !isSaid) return 'records are missing and no finding says so';
  return null;
}

function uncovered({ findings }: Decoded): number {
  return findings.reduce((sum, { code, records }) => sum + (code === 'NOT_COVERED' ? (records ?? 0) : 0), 0);
}

/** Records that gave items: what one record gives may change with a word inside it. */
function placesOf({ items }: Decoded): number {
  return new Set(items.map(({ locator }) => `${locator.path}:${locator.offset}`)).size;
}

function keyOf({ kind, messageId, body }: Item): string {
  return `${kind} ${messageId ?? ''} ${body === null ? '' : hexEncode(body)}`;
}
