import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { archiveFindings } from './archive-findings.ts';
import { OTR_VERIFIED } from './authentications.ts';
import type { Container, Scan } from './container.ts';
import { endsOf, OtrRecords } from './otr-records.ts';
import { type PlannedFile, placeOf } from './record-place.ts';
import { readSecrets } from './secrets.ts';
import { readStanza } from './stanza.ts';
import { joinTallies, type Tally } from './tally.ts';
import { ArchiveDecoder, type PlanState, type UnitState } from './unit-decoder.ts';
import { LONGEST_STANZA, XmlRefused } from './xml-element.ts';

/** Records of one unit. */
const UNIT = 4000;
const HEAD = 64 * 1024;
const OTR_MARK: Uint8Array = Buffer.from('?OTR');

export interface ArchiveFormat {
  readonly name: string;
  readonly title: string;
  readonly versions: string;
  readonly notCovered: string;
  readonly container: Container;
  readonly detect: (probe: Probe) => Claim | null;
  /** Paths of files that are one archive where a capture has several of them: one a user. */
  readonly together?: RegExp;
}

/** A format over one container: all share stanzas, OTR, OMEMO and the comparison of archives. */
export function archiveFormat({ container, together, ...rest }: ArchiveFormat): Format {
  return {
    ...rest,
    version: '3',
    keyMaterial:
      'none for what is in clear; OTR: DH exponents {"for": "otr-dh", "id": account, "hex"} or AES keys {"for": "otr-aes", "hex"}; OMEMO: message keys {"for": "omemo", "id": message id, "hex"}',
    authentication: OTR_VERIFIED.proves,
    prepare: async (file, context) => prepare(container, filesOf(file, together, rest.detect), context),
    open: (plan, file) => new ArchiveDecoder(container, file, plan.state as PlanState),
    combine: (_plan, earlier, later) => joinTallies(earlier as Tally, later as Tally),
    finish(plan, summaries) {
      const [first, ...more] = summaries as readonly Tally[];
      if (first === undefined) return { findings: [] };
      return { findings: archiveFindings(more.reduce(joinTallies, first), plan.state as PlanState) };
    },
  };
}

type OpenFile = Pick<CaptureFile, 'name' | 'source'>;

/** The files of the capture that belong together with this one, itself among them, in the order of their paths. */
function filesOf(file: CaptureFile, together: RegExp | undefined, detect: ArchiveFormat['detect']): OpenFile[] {
  const { folder } = file;
  if (together === undefined || folder === undefined || !together.test(file.name)) return [file];
  const others = folder.names.filter((name) => name !== file.name && together.test(name));
  const found = others.flatMap((name): OpenFile[] => {
    const source = folder.open(name);
    if (source === null) return [];
    const probe = { name, length: source.length, head: source.read(0, HEAD), tail: new Uint8Array(0) };
    return detect(probe) === null ? [] : [{ name, source }];
  });
  return [{ name: file.name, source: file.source }, ...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function prepare(container: Container, files: readonly OpenFile[], context: DecodeContext): Plan {
  const path = commonFolder(files.map(({ name }) => name));
  const { secrets, ids, findings } = readSecrets(context.keyring, path);
  const otr = new OtrRecords();
  const plan = { units: [] as Unit[], contexts: [] as unknown[], files: [] as PlannedFile[] };
  const all: Finding[] = [];
  let base = 0;
  for (const file of files) {
    const scan = container.scan(file, (done) => context.progress?.(done, file.source.length));
    plan.files.push({ name: file.name, base });
    surveyOtr(container, file, { scan, base, otr });
    addUnits(plan, file.name, { scan, base });
    base += scan.records.offsets.length;
    all.push(...scan.findings);
    if (scan.records.offsets.length === 0 && scan.findings.every(({ class: grade }) => grade !== 'lost')) {
      const detail = 'The file has the form of an archive and holds no record.';
      all.push(finding('NOT_COVERED', file.name, { records: 0, detail }));
    }
  }
  for (const { code, from, to, what, count, records } of otr.breaks()) {
    const related = records.map((number) => placeOf(plan.files, number));
    const place = related[0] ?? path;
    const detail = `OTR from ${from} to ${to}: ${what} (${count}).`;
    all.push(finding(code, place, { records: count, detail, related }));
  }
  const state: PlanState = { contexts: plan.contexts, otr: otr.state(), secrets, path, files: plan.files };
  const covers = files.length < 2 ? {} : { covers: files.map(({ name }) => name) };
  return { units: plan.units, state, findings: [...all, ...findings], keyIds: ids, profile: null, ...covers };
}

/** The path of one file, or the folder that all are in. */
function commonFolder(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  if (rest.length === 0) return first;
  const parts = first.split('/').slice(0, -1);
  const same = parts.findIndex((part, i) => rest.some((name) => name.split('/')[i] !== part));
  return (same < 0 ? parts : parts.slice(0, same)).join('/') || '.';
}

function addUnits(
  plan: { units: Unit[]; contexts: unknown[] },
  name: string,
  { scan, base }: { scan: Scan; base: number },
): void {
  const { offsets, lengths, contexts } = scan.records;
  const context = plan.contexts.length;
  plan.contexts.push(...scan.contexts);
  for (let first = 0; first < offsets.length; first += UNIT) {
    const end = Math.min(first + UNIT, offsets.length);
    const state: UnitState = {
      ...{ name, base, first },
      offsets: offsets.slice(first, end),
      lengths: lengths.slice(first, end),
      contexts: contexts.slice(first, end).map((one) => one + context),
    };
    plan.units.push({ index: plan.units.length, records: end - first, state });
  }
}

/** Reads the records that hold OTR once beforehand: keys and pieces may stand anywhere in a file. */
function surveyOtr(
  container: Container,
  file: OpenFile,
  { scan, base, otr }: { scan: Scan; base: number; otr: OtrRecords },
): void {
  const { records, contexts } = scan;
  for (let i = 0; i < records.offsets.length; i++) {
    const length = records.lengths[i] as number;
    if (length > LONGEST_STANZA) continue;
    const raw = file.source.read(records.offsets[i] as number, length);
    if (Buffer.from(raw.buffer, raw.byteOffset, raw.length).indexOf(OTR_MARK) < 0) continue;
    try {
      const record = container.read(raw, contexts[records.contexts[i] as number]);
      if (record.stanza === null || record.what !== 'message') continue;
      const { from, to, body } = readStanza(record.stanza, record.owner);
      if (from === null || to === null || body === null) continue;
      const place = `row ${i + 1} of ${file.name}`;
      otr.add(body, base + i, { ends: endsOf(from, to), stream: record.owner ?? '', place });
    } catch (error) {
      // Said where the record is decoded.
      if (!(error instanceof XmlRefused)) throw error;
    }
  }
}
