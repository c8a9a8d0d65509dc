import { utf8DecodeLossy } from '@custody/bytes';
import type { BatchWriter, Finding, Locator } from '@custody/evidence';
import type {
  CaptureFile,
  Claim,
  DecodeContext,
  Format,
  Plan,
  Probe,
  Unit,
  UnitDecoder,
  UnitResult,
} from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { combineAccounts, type UnitAccount, UnitAccounting } from './accounting.ts';
import { accountingFindings } from './accounting-findings.ts';
import { SessionCollector } from './collect-sessions.ts';
import { scanDocument } from './element-scanner.ts';
import { EventDecoder } from './event-decoder.ts';
import { type JsonObject, objectOf, parseObject, textOf } from './json-value.ts';
import { scanLines } from './line-scanner.ts';
import { indexMedia, type MediaIndex, mediaFinder } from './media-store.ts';
import { eventTerms, type MatrixState, noteRoomVersion, type PlannedServerKey } from './plan-state.ts';
import { versionsBeside } from './room-folder.ts';
import { storeSessions } from './session-store.ts';
import { AUTHENTICATION } from './statements.ts';
import { suppliedMaterial } from './supplied-material.ts';

/** Events of one unit; with their findings they fit a segment. */
const EVENTS_A_UNIT = 3500;
/** An event is at most 65,536 bytes (Matrix specification, "Size limits"); servers add to it. */
const LONGEST_EVENT = 4 * 1024 * 1024;
/** Longest file that is read whole to see whether it is one event. */
const LONGEST_SINGLE = 1024 * 1024;
/** A document may be pretty-printed: not all its lines are looked at. */
const LINES_TRIED = 50;
const CREATE = Buffer.from('m.room.create');

interface EventsState extends MatrixState {
  readonly media: MediaIndex;
  readonly path: string;
}

/** Where the events of a unit stand: lines of a stretch, or spans. */
interface UnitState {
  readonly row: number;
  readonly lines?: { readonly from: number; readonly until: number };
  readonly spans?: readonly number[];
}

/** Matrix events in JSON: a line each, or a document of any shape. */
export const matrixEvents: Format = {
  name: 'matrix-events',
  title: 'Matrix events as JSON: Synapse export-data, /messages, /sync, export of a client',
  version: '1',
  versions: 'room versions 1 to 12; a line each, or one JSON document',
  keyMaterial:
    'exported keys: {"for": "matrix-key-export", "file": "keys.txt", "passphrase": "…"}; sessions in clear: {"for": "matrix-sessions", ' +
    '"file": "sessions.json"}; a downloaded key backup: {"for": "matrix-key-backup", "file": "…"} with {"for": "matrix-recovery-key", ' +
    '"passphrase": "EsT…"}; a server\'s public key: {"for": "matrix-server-key", "id": "example.org ed25519:a", "hex": "…"}',
  authentication: AUTHENTICATION,
  notCovered:
    'thumbnails; Olm messages to single devices; current state of a room. What clients export has no hashes or signatures.',
  detect,
  prepare,
  open(plan, file, context) {
    return new EventsDecoder(plan.state as EventsState, file, context);
  },
  combine: (_plan, earlier, later) => combineAccounts(earlier as UnitAccount, later as UnitAccount),
  finish: (plan, summaries) => finishAccounts(summaries as UnitAccount[], (plan.state as EventsState).path),
};

/** Findings of all units together. */
export function finishAccounts(summaries: UnitAccount[], path: string): { readonly findings: readonly Finding[] } {
  if (summaries.length === 0) return { findings: [] };
  const place = (row: number): Locator => ({ path, offset: null, length: null, row });
  return { findings: accountingFindings(summaries.reduce(combineAccounts), place) };
}

/** Whether an object reads as an event. */
export function looksLikeEvent(event: JsonObject | null): boolean {
  if (event === null || textOf(event, 'type') === null || objectOf(event, 'content') === null) return false;
  const hasTime = typeof event.origin_server_ts === 'number';
  return (textOf(event, 'sender')?.startsWith('@') ?? false) && (hasTime || textOf(event, 'room_id') !== null);
}

function detect({ head, length }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  // The first line may be the damaged one.
  const isEvent = text.split('\n', LINES_TRIED).some((line) => looksLikeEvent(parseObject(line)));
  if (isEvent || (length <= head.length && looksLikeEvent(parseObject(text)))) {
    return { confidence: 'certain', grounds: 'holds a Matrix event: type, sender, content and a room or time' };
  }
  const start = text.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return null;
  const isLike =
    /"sender"\s*:\s*"@[^"\s]*:[^"\s]+"/.test(text) &&
    /"content"\s*:\s*\{/.test(text) &&
    /"type"\s*:\s*"(m|org|io|im)\./.test(text);
  return isLike ? { confidence: 'likely', grounds: 'a JSON document that holds Matrix events' } : null;
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { name: path } = file;
  const supplied = suppliedMaterial(context.keyring);
  const collector = new SessionCollector(path);
  collector.addFiles(supplied);
  const serverKeys = new Map<string, PlannedServerKey>(
    [...supplied.servers].map(([id, key]) => [id, { key, validUntil: null }]),
  );
  const versions = new Map<string, string>();
  const { units, findings } = isLines(file) ? planLines(file, versions, context) : planDocument(file, versions);
  versionsBeside(file, versions);
  const media = indexMedia(file);
  const state: EventsState = {
    path,
    media,
    sessions: storeSessions(collector.records, context.scratch),
    versions,
    serverKeys,
  };
  return {
    units,
    state,
    findings: [...collector.close(), ...findings],
    keyIds: collector.keyIds,
    profile: null,
    covers: [...media.values()],
  };
}

/** The first line is an event, or most of the first are: one may be damaged. Of a document the last line may be one by chance. */
function isLines({ source }: CaptureFile): boolean {
  let [tried, events] = [0, 0];
  for (const { bytes } of scanLines(source, { from: 0, until: source.length, longest: LONGEST_EVENT })) {
    if (bytes !== null && isBlank(bytes)) continue;
    if (bytes !== null && looksLikeEvent(parseObject(utf8DecodeLossy(bytes)))) events++;
    if (++tried === 1 && events === 1) return true;
    if (tried >= LINES_TRIED) break;
  }
  return events * 2 > tried;
}

function planLines(
  { source }: CaptureFile,
  versions: Map<string, string>,
  context: DecodeContext,
): { readonly units: readonly Unit[]; readonly findings: readonly Finding[] } {
  const units: Unit[] = [];
  let [from, row, count, until] = [0, 0, 0, 0];
  const close = () => {
    const state: UnitState = { row: row - count, lines: { from, until } };
    if (until > from) units.push({ index: units.length, records: count, state });
    from = until;
    count = 0;
  };
  for (const { offset, length, bytes, isOpen } of scanLines(source, {
    from: 0,
    until: source.length,
    longest: LONGEST_EVENT,
  })) {
    if (bytes !== null && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(CREATE)) {
      noteRoomVersion(versions, parseObject(utf8DecodeLossy(bytes)));
    }
    until = offset + length + (isOpen ? 0 : 1);
    row++;
    if (++count >= EVENTS_A_UNIT) close();
    context.progress?.(until, source.length);
  }
  close();
  return { units, findings: [] };
}

const END: Readonly<
  Record<'cut' | 'too-deep' | 'broken', readonly ['TRUNCATED' | 'LIMIT_EXCEEDED' | 'RECORD_MALFORMED', string]>
> = {
  cut: ['TRUNCATED', 'The document ends before its brackets are closed: how many events would follow cannot be known.'],
  'too-deep': ['LIMIT_EXCEEDED', 'The document is nested deeper than any export: what follows was not read.'],
  broken: ['RECORD_MALFORMED', 'The brackets of the document do not match: what follows was not read.'],
};

function planDocument(
  { source, name }: CaptureFile,
  versions: Map<string, string>,
): { readonly units: readonly Unit[]; readonly findings: readonly Finding[] } {
  const { spans, end } = scanDocument(source);
  const units: Unit[] = [];
  for (let at = 0; at < spans.length; at += 2 * EVENTS_A_UNIT) {
    const state: UnitState = { row: at / 2, spans: spans.slice(at, at + 2 * EVENTS_A_UNIT) };
    units.push({ index: units.length, records: (state.spans?.length ?? 0) / 2, state });
  }
  for (let at = 0; at < spans.length; at += 2) {
    const bytes = source.read(
      spans[at] as number,
      Math.min((spans[at + 1] as number) - (spans[at] as number), LONGEST_SINGLE),
    );
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(CREATE))
      noteRoomVersion(versions, parseObject(utf8DecodeLossy(bytes)));
  }
  const findings = end === 'whole' ? [] : [finding(END[end][0], name, { records: null, detail: END[end][1] })];
  if (spans.length === 0 && end === 'whole') {
    findings.push(finding('FORMAT_UNKNOWN', name, { records: null, detail: 'There is no Matrix event in this file.' }));
  }
  return { units, findings };
}

/** Decodes lines or spans of a file. */
class EventsDecoder implements UnitDecoder {
  readonly #state: EventsState;
  readonly #file: CaptureFile;
  readonly #decoder: EventDecoder;

  constructor(state: EventsState, file: CaptureFile, context: DecodeContext) {
    this.#state = state;
    this.#file = file;
    this.#decoder = new EventDecoder(eventTerms(state, context, mediaFinder(file, state.media)));
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const account = new UnitAccounting();
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    for (const record of this.#records(unit.state as UnitState)) {
      counts.records++;
      if (this.#record(record, { out, account })) counts.decoded++;
      else counts.lost++;
    }
    return { counts, summary: account.close() };
  }

  close(): void {}

  #record({ bytes, locator, isLast }: Found, { out, account }: { out: BatchWriter; account: UnitAccounting }): boolean {
    if (bytes === null) {
      const detail = `The event is longer than ${LONGEST_EVENT} bytes; it was not read.`;
      out.finding(finding('LIMIT_EXCEEDED', locator, { records: 1, detail }));
      return false;
    }
    const event = parseObject(utf8DecodeLossy(bytes));
    if (event === null || textOf(event, 'type') === null) {
      const code = isLast && event === null ? 'TRUNCATED' : 'RECORD_MALFORMED';
      const why =
        event !== null
          ? 'an object without a type'
          : isLast
            ? 'it ends in the middle, without a line end'
            : 'no well-formed JSON object';
      out.finding(finding(code, locator, { records: 1, detail: `This record is no event: ${why}.` }));
      return false;
    }
    const beside = { statedId: null, statedRoom: null, fields: [], receivedAt: null, isOutlier: false };
    return this.#decoder.decode({ event, locator, raw: bytes, ...beside }, out, account);
  }

  *#records({ row, lines, spans = [] }: UnitState): Generator<Found> {
    const { source } = this.#file;
    const { path } = this.#state;
    if (lines !== undefined) {
      let at = row;
      for (const { offset, length, bytes, isOpen } of scanLines(source, { ...lines, longest: LONGEST_EVENT })) {
        const locator = { path, offset, length, row: at++ };
        if (bytes === null || !isBlank(bytes)) yield { bytes, locator, isLast: isOpen };
      }
      return;
    }
    for (let i = 0; i + 1 < spans.length; i += 2) {
      const [from, to] = [spans[i] as number, spans[i + 1] as number];
      const locator = { path, offset: from, length: to - from, row: row + i / 2 };
      yield { bytes: to - from > LONGEST_EVENT ? null : source.read(from, to - from), locator, isLast: false };
    }
  }
}

interface Found {
  readonly bytes: Uint8Array | null;
  readonly locator: Locator;
  readonly isLast: boolean;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
