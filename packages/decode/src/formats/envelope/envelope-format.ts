import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, UnitDecoder } from '../../format.ts';
import type { Container, Profile } from '../../profile/profile.ts';
import { profileHash } from '../../profile/profile-hash.ts';
import { profileInvalid } from '../../profile/read-profile.ts';
import { captureFindings } from './capture-findings.ts';
import { caseMistakes } from './case-mistakes.ts';
import { builtinProfile, chooseProfile, ownProfile, profilesBeside } from './choose-profile.ts';
import { MOST_COLUMNS, readRow } from './csv-scanner.ts';
import { type DumpState, dialectOf, keysOf, openDump, splitterFor } from './dump.ts';
import { UnitPlanner } from './plan-units.ts';
import { bomLength, firstLine, missingColumns } from './shape.ts';
import { asBuffer } from './stretch-memory.ts';
import { EnvelopeDecoder } from './unit-decoder.ts';
import { SummaryJoin, type UnitSummary } from './unit-summary.ts';

type Kind = Container['kind'];

const HEAD = 64 * 1024;
/** Names of columns that a finding lists. */
const MOST_SHOWN = 20;

const TITLES: Readonly<Record<Kind, string>> = {
  ndjson: 'NDJSON',
  csv: 'CSV',
  table: 'a table of text in any encoding',
  fixed: 'lines with fields at fixed places',
  json: 'one JSON text',
  xml: 'XML',
  xlsx: 'XLSX',
  sqlite: 'a SQLite table',
  sql: 'the text of a PostgreSQL or MySQL dump',
  cbor: 'a stream of CBOR maps',
  msgpack: 'a stream of MessagePack maps',
};

/** The format `envelope-KIND`: any dump in that container for which there is a profile. */
export function envelopeFormat(kind: Kind): Format {
  return {
    name: `envelope-${kind}`,
    title: `Envelope dump: ${TITLES[kind]}, with or without sealed payloads, described by a profile`,
    version: '4',
    versions:
      kind === 'ndjson' || kind === 'csv'
        ? 'as the profile says; built in: a layout of our own'
        : 'as the profile says',
    keyMaterial: 'a keyring with keys for "profile:NAME", by the id that records name',
    authentication:
      'the tag or MAC that the profile names, over the payload and the fields it lists: a holder of the key sealed them. Any holder could have.',
    notCovered:
      'record types and fields that the profile does not describe; rows cut off at the end of the dump cannot be known',
    // Other containers are read into scratch files, which are the process's own.
    portable: kind === 'ndjson' || kind === 'csv',
    detect: (probe) => detect(kind, probe),
    prepare: (file, context) => prepare(kind, file, context),
    open: ({ state }, file, { keyring, scratch }) =>
      state === null ? nothing : new EnvelopeDecoder(file, openDump(state as DumpState, keyring, scratch)),
    combine: (_plan, earlier, later) => join(earlier, [later]),
    finish: ({ state }, summaries) => ({ findings: findingsOf(state as DumpState | null, summaries) }),
  };
}

/** Of a plan without units. */
const nothing: UnitDecoder = {
  decode: () => {
    throw new Error('the plan has no units');
  },
  close: () => {},
};

function detect(kind: Kind, probe: Probe): Claim | null {
  const bytes = asBuffer(probe.head);
  const own = ownProfile(kind, probe);
  if (own !== null) return own;
  const profile = builtinProfile(kind, bytes);
  if (profile === null) return null;
  return { confidence: 'certain', grounds: `its first line has the fields of the profile "${profile.name}"` };
}

async function prepare(kind: Kind, file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const head = asBuffer(file.source.read(0, HEAD));
  const profile = chooseProfile(file, kind, { head, keyring: context.keyring });
  if (profile === null) return unknown(file, 'no profile beside the dump, and no built-in one has its fields');
  const mistakes = caseMistakes(profile);
  if (mistakes.length > 0) throw profileInvalid(mistakes);
  return { ...(await planDump(file, profile, context)), covers: profilesBeside(file) };
}

/** The plan for a dump whose profile is known and was checked. */
export async function planDump(file: CaptureFile, profile: Profile, context: DecodeContext): Promise<Plan> {
  const { container } = profile;
  if (container.kind === 'ndjson' || container.kind === 'csv') return planLines(file, profile, context);
  const { planStored } = await import('./plan-stored.ts');
  const planned = await planStored(file, { profile, container }, context);
  return typeof planned === 'string' ? unknown(file, planned, profile) : planned;
}

function planLines(file: CaptureFile, profile: Profile, context: DecodeContext): Plan {
  const head = asBuffer(file.source.read(0, HEAD));
  const keys = keysOf(context.keyring, profile);
  const state = dumpState(file.name, profile, head);
  if (typeof state === 'string') return unknown(file, state, profile);
  const { offset, row } = state;
  const splitter = splitterFor(profile.container);
  const planner = new UnitPlanner(file.source, splitter, { offset, row }, context.progress ?? (() => {}));
  return { units: planner.plan(), state, findings: keys.findings, keyIds: keys.ids, profile: profileHash(profile) };
}

/** Where the records begin and what the columns are; text says why they cannot be told. */
function dumpState(path: string, profile: Profile, head: Buffer): DumpState | string {
  const { container } = profile;
  const bom = bomLength(head);
  if (container.kind !== 'csv') return { path, profile, columns: [], offset: bom, row: 1 };
  if (!container.header) return { path, profile, columns: container.columns ?? [], offset: bom, row: 1 };
  const line = firstLine(head);
  const columns = line === null ? null : readRow(line, dialectOf(container));
  if (head.length <= bom) return 'the file is empty';
  if (line === null) return `no row ends in the first ${head.length} bytes, so no header can be told`;
  if (columns === null)
    return `the first row is no header: it has more than ${MOST_COLUMNS} columns, or quotes or NULs where none may stand`;
  const missing = missingColumns(profile, columns);
  if (missing.length > 0)
    return `the header lacks columns that the profile reads: ${shown(missing)}; it has ${shown(columns)}: mend the profile`;
  if (new Set(columns).size < columns.length) return 'the header names a column twice';
  const end = head.indexOf(0x0a, line.byteOffset - head.byteOffset) + 1;
  return { path, profile, columns, offset: end, row: 2 };
}

function shown(names: readonly string[]): string {
  const more = names.length > MOST_SHOWN ? ` and ${names.length - MOST_SHOWN} more` : '';
  return names.slice(0, MOST_SHOWN).join(', ').slice(0, 2000) + more;
}

function unknown(file: CaptureFile, why: string, profile?: Profile): Plan {
  const finding: Finding = {
    code: 'FORMAT_UNKNOWN',
    class: 'lost',
    records: null,
    locator: { path: file.name, offset: 0, length: file.source.length, row: null },
    related: [],
    detail: profile === undefined ? `${why}; put a profile.json beside the dump that describes it` : why,
  };
  const hash = profile === undefined ? null : profileHash(profile);
  return { units: [], state: null, findings: [finding], keyIds: [], profile: hash };
}

/** What was joined before is added to: joining costs by the devices of the later stretch only. */
function join(earlier: unknown, later: readonly unknown[]): SummaryJoin {
  const sum = earlier instanceof SummaryJoin ? earlier : new SummaryJoin();
  if (earlier !== sum) sum.add(earlier as UnitSummary);
  for (const summary of later) sum.add(summary as UnitSummary);
  return sum;
}

function findingsOf(state: DumpState | null, summaries: readonly unknown[]): Finding[] {
  const [first, ...later] = summaries;
  return state === null || first === undefined ? [] : captureFindings(state.path, join(first, later));
}
