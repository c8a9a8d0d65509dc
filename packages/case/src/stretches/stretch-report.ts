import { deserialize, serialize } from 'node:v8';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type CborValue, decodeCbor, encodeCbor } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { openSealed, seal } from '@custody/vault';
import { broken } from '../errors.ts';
import type { Case } from '../open-case.ts';
import type { SegmentResult, UnitDone } from '../pipeline/unit-job.ts';
import { readStretchObject, storeStretchObject, stretchName } from './stretch-object.ts';

const VERSION = 1;
const MOST_SUMMARY_BYTES = 1024 ** 3;

/** What is known of a decoded and stored unit that is not yet committed. */
export type ReportedUnit = Pick<UnitDone, 'unit' | 'segments' | 'tally' | 'counts'>;

/** A stretch that is stored: what a sequencer needs to commit it. */
export interface StretchReport {
  readonly units: readonly ReportedUnit[];
  /** What each decoded unit left for the closing one: may name devices of any compartment, so sealed to `source`. */
  readonly summaries: Uint8Array;
}

export interface UnitSummary {
  readonly unit: number;
  readonly summary: unknown;
}

/** Stores the report of a stretch unless one stands: that one says the same. */
export async function storeReport(
  opened: Case,
  at: { readonly derivation: number; readonly stretch: number },
  done: readonly UnitDone[],
): Promise<'created' | 'exists'> {
  const units = done.map(({ unit, segments, tally, counts }): CborValue => {
    const { items, findings, adverse, dispositions } = tally;
    const sums = counts && [counts.records, counts.decoded, counts.lost, counts.notCovered];
    return [unit, segments.map(encodeSegment), [items, findings, adverse, ...dispositions], sums];
  });
  const summaries = done.map(({ unit, summary }): UnitSummary => ({ unit, summary }));
  const recipient = opened.state.keys?.source.recipient ?? '';
  const sealed = seal(zstdCompressSync(serialize(summaries)), [recipient]);
  return storeStretchObject(opened, stretchName(at.derivation, at.stretch), encodeCbor([VERSION, units, sealed]));
}

/** Null where the stretch is not stored yet. */
export async function readReport(opened: Case, derivation: number, stretch: number): Promise<StretchReport | null> {
  const name = stretchName(derivation, stretch);
  const plain = await readStretchObject(opened, name);
  if (plain === null) return null;
  const value = decodeCbor(plain);
  const [version, units, summaries] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (version !== VERSION || !Array.isArray(units) || !(summaries instanceof Uint8Array)) {
    throw broken('STRETCH_NOT_OURS', `${name} was stored by another version of custody`, { name });
  }
  const rows = units as unknown as readonly EncodedUnit[];
  return { units: rows.map((row) => decodeUnit(row, derivation)), summaries };
}

/** Opens what units left for the closing one, with the identities of `source`. */
export function openSummaries(summaries: Uint8Array, identities: readonly string[]): readonly UnitSummary[] {
  const plain = zstdDecompressSync(openSealed(summaries, identities), { maxOutputLength: MOST_SUMMARY_BYTES });
  return deserialize(plain) as readonly UnitSummary[];
}

type EncodedObject = readonly [string, number, Uint8Array];
type EncodedSegment = readonly [
  number,
  number,
  number,
  Uint8Array,
  readonly EncodedObject[],
  SegmentResult['decisions'],
];
type EncodedUnit = readonly [
  number,
  readonly EncodedSegment[],
  readonly [number, number, number, number, number, number, number],
  readonly [number, number, number | null, number] | null,
];

function encodeSegment({ key, count, root, objects, decisions }: SegmentResult): CborValue {
  const stored = objects.map(({ name, length, sha256 }): CborValue => [name, length, sha256]);
  return [key.unit, key.part, count, root, stored, decisions.map((run) => [...run])];
}

function decodeUnit([unit, segments, tally, counts]: EncodedUnit, derive: number): ReportedUnit {
  const [items, findings, adverse, ...dispositions] = tally;
  const [records, decoded, lost, notCovered] = counts ?? [0, 0, 0, 0];
  return {
    unit,
    segments: segments.map(([ofUnit, part, count, root, objects, decisions]) => ({
      key: { derive, unit: ofUnit, part },
      count,
      root,
      objects: objects.map(([name, length, sha256]): CommitObject => ({ name, length, sha256 })),
      decisions,
    })),
    tally: { items, findings, adverse, dispositions },
    counts: counts === null ? null : { records, decoded, lost, notCovered },
  };
}
