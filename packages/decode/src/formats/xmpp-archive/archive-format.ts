import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { archiveFindings } from './archive-findings.ts';
import { OTR_VERIFIED } from './authentications.ts';
import type { Container, RecordList, Scan } from './container.ts';
import { endsOf, OtrRecords } from './otr-records.ts';
import { readSecrets } from './secrets.ts';
import { readStanza } from './stanza.ts';
import { joinTallies, type Tally } from './tally.ts';
import { ArchiveDecoder, type PlanState, type UnitState } from './unit-decoder.ts';
import { LONGEST_STANZA, XmlRefused } from './xml-element.ts';

/** Records of one unit. */
const UNIT = 4000;
const OTR_MARK: Uint8Array = Buffer.from('?OTR');

export interface ArchiveFormat {
  readonly name: string;
  readonly title: string;
  readonly versions: string;
  readonly notCovered: string;
  readonly container: Container;
  readonly detect: (probe: Probe) => Claim | null;
}

/** A format over one container: all share stanzas, OTR, OMEMO and the comparison of archives. */
export function archiveFormat({ container, ...rest }: ArchiveFormat): Format {
  return {
    ...rest,
    version: '2',
    keyMaterial:
      'none for what is in clear; OTR: DH exponents {"for": "otr-dh", "hex"} or AES keys {"for": "otr-aes", "hex"}; OMEMO: message keys {"for": "omemo", "id": message id, "hex"}',
    authentication: OTR_VERIFIED.proves,
    prepare: async (file, context) => prepare(container, file, context),
    open: (plan, file) => new ArchiveDecoder(container, file, plan.state as PlanState),
    combine: (_plan, earlier, later) => joinTallies(earlier as Tally, later as Tally),
    finish(plan, summaries) {
      const [first, ...more] = summaries as readonly Tally[];
      if (first === undefined) return { findings: [] };
      const { path } = plan.state as PlanState;
      return { findings: archiveFindings(more.reduce(joinTallies, first), path) };
    },
  };
}

function prepare(container: Container, file: CaptureFile, context: DecodeContext): Plan {
  const scan = container.scan(file, (done) => context.progress?.(done, file.source.length));
  const { secrets, ids, findings } = readSecrets(context.keyring, file.name);
  const otr = surveyOtr(container, file, scan);
  const state: PlanState = { contexts: scan.contexts, otr: otr.state(), secrets, path: file.name };
  const all = [...scan.findings, ...findings];
  if (scan.records.offsets.length === 0 && all.every(({ class: grade }) => grade !== 'lost')) {
    const detail = 'The file has the form of an archive and holds no record.';
    all.push(finding('NOT_COVERED', file.name, { records: 0, detail }));
  }
  return { units: unitsOf(scan.records), state, findings: all, keyIds: ids, profile: null };
}

function unitsOf({ offsets, lengths, contexts }: RecordList): Unit[] {
  const units: Unit[] = [];
  for (let first = 0; first < offsets.length; first += UNIT) {
    const end = Math.min(first + UNIT, offsets.length);
    const state: UnitState = {
      first,
      offsets: offsets.slice(first, end),
      lengths: lengths.slice(first, end),
      contexts: contexts.slice(first, end),
    };
    units.push({ index: units.length, records: end - first, state });
  }
  return units;
}

/** Reads the records that hold OTR once beforehand: keys and pieces may stand anywhere in a file. */
function surveyOtr(container: Container, file: CaptureFile, { records, contexts }: Scan): OtrRecords {
  const otr = new OtrRecords();
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
      otr.add(body, i, { ends: endsOf(from, to), stream: record.owner ?? '', place });
    } catch (error) {
      // Said where the record is decoded.
      if (!(error instanceof XmlRefused)) throw error;
    }
  }
  return otr;
}
