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
import { INSERT_INTO } from '../../sql-dump/scan-sql.ts';
import { combineAccounts, type UnitAccount, UnitAccounting } from '../matrix/accounting.ts';
import { SessionCollector } from '../matrix/collect-sessions.ts';
import { EventDecoder } from '../matrix/event-decoder.ts';
import { finishAccounts } from '../matrix/events-format.ts';
import { integerOf, memberOf, parseObject } from '../matrix/json-value.ts';
import { indexMedia, type MediaIndex, mediaFinder } from '../matrix/media-store.ts';
import { eventTerms, type MatrixState, type PlannedServerKey } from '../matrix/plan-state.ts';
import { storeSessions } from '../matrix/session-store.ts';
import { AUTHENTICATION } from '../matrix/statements.ts';
import { suppliedMaterial } from '../matrix/supplied-material.ts';
import { type DumpSurvey, type RowSpans, rowValues, surveyDump } from './dump-survey.ts';
import { addServerKeys, collectBackups, textMap } from './read-keys.ts';
import { writeTableRow } from './row-writer.ts';
import { columnReader, DERIVED, SECRET_COLUMNS, type TableShape } from './synapse-tables.ts';

interface SynapseState extends MatrixState {
  readonly media: MediaIndex;
  readonly path: string;
  readonly shapes: readonly TableShape[];
  /** Why the server rejected an event, by id. */
  readonly rejections: ReadonlyMap<string, string>;
  /** Redaction by the id of what it redacts. */
  readonly redactions: ReadonlyMap<string, string>;
}

/** Synapse's database as SQL text. */
export const matrixSynapse: Format = {
  name: 'matrix-synapse',
  title: 'Synapse database dump (SQL text: COPY or INSERT)',
  version: '1',
  versions: 'PostgreSQL and SQLite dumps; tables and columns by name; room versions 1 to 12',
  keyMaterial:
    'secret storage: {"for": "matrix-passphrase", "passphrase": "…", "id": "@user:server"?} or {"for": "matrix-recovery-key", "passphrase": "EsT… "}; ' +
    'backup key: {"for": "matrix-backup-key", "hex": "…"}; exported keys: {"for": "matrix-key-export", "file": "keys.txt", "passphrase": "…"}; ' +
    'sessions in clear: {"for": "matrix-sessions", "file": "…"}; a server\'s public key: {"for": "matrix-server-key", "id": "example.org ed25519:a", "hex": "…"}',
  authentication: AUTHENTICATION,
  notCovered:
    'tables other than events, accounts, profiles, addresses, devices, uses of devices and local media: counted; passwords, tokens and ' +
    'cross-signing secrets are withheld; Olm messages to single devices; thumbnails',
  detect,
  prepare,
  open(plan, file, context) {
    return new SynapseDecoder(plan.state as SynapseState, file, context);
  },
  combine: (_plan, earlier, later) => combineAccounts(earlier as UnitAccount, later as UnitAccount),
  finish: (plan, summaries) => finish(plan.state as SynapseState, summaries as UnitAccount[]),
};

function finish({ path, media }: SynapseState, summaries: UnitAccount[]): { readonly findings: readonly Finding[] } {
  const { findings } = finishAccounts(summaries, path);
  const unused = media.size - new Set(summaries[0]?.media.used ?? []).size;
  if (unused <= 0) return { findings };
  const detail = `${unused} file(s) of the media store are named by no event of this dump that could be read: they are kept sealed, not looked into.`;
  return { findings: [...findings, finding('NOT_COVERED', 'media', { records: 0, detail })] };
}

const NAME =
  '(?:[`"]?\\w+[`"]?\\.)?[`"]?(event_json|e2e_room_keys|e2e_room_keys_versions|account_data|event_edges|access_tokens|room_memberships)[`"]?';
const STATEMENT = new RegExp(`^\\s*(?:CREATE TABLE|${INSERT_INTO}|COPY)\\s+(?:IF NOT EXISTS\\s+)?${NAME}[\\s(]`, 'im');

function detect({ head }: Probe): Claim | null {
  const found = STATEMENT.exec(Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1'));
  if (found === null) return null;
  return { confidence: 'certain', grounds: `SQL text with the table ${found[1]} of a Matrix server (Synapse)` };
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { name: path, source } = file;
  const created = new Map<string, string>();
  const survey = surveyDump(file, created, context);
  const supplied = suppliedMaterial(context.keyring);
  const collector = new SessionCollector(path);
  collector.addFiles(supplied);
  const backups = collectBackups(path, source, survey, { secrets: supplied.secrets, collector });
  const serverKeys = new Map<string, PlannedServerKey>(
    [...supplied.servers].map(([id, key]) => [id, { key, validUntil: null }]),
  );
  addServerKeys(source, survey, serverKeys);
  const versions = textMap(source, survey, 'rooms', ['room_id', 'room_version']);
  // What a create event says is covered by the hash of the event; the table is not covered by anything.
  for (const [room, version] of created) versions.set(room, version);
  const media = indexMedia(file);
  const state: SynapseState = {
    media,
    ...{
      path,
      shapes: survey.shapes,
      versions,
      serverKeys,
      sessions: storeSessions(collector.records, context.scratch),
    },
    rejections: textMap(source, survey, 'rejections', ['event_id', 'reason']),
    redactions: textMap(source, survey, 'redactions', ['redacts', 'event_id']),
  };
  const findings = [...collector.close(), ...backups, ...survey.findings, ...tableFindings(path, survey)];
  return { units: survey.units, state, findings, keyIds: collector.keyIds, profile: null, covers: [...media.values()] };
}

function tableFindings(path: string, { uncovered, withheld, read, shapes, units }: DumpSurvey): Finding[] {
  const byName = (all: ReadonlyMap<string, number>) => [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const findings = byName(uncovered).map(([table, records]) => {
    const what = whyUncovered(table, read.has(table));
    return finding('NOT_COVERED', `${path}!${table.slice(0, 60)}`, {
      records,
      detail: `${records} row(s) of table ${table.slice(0, 60)}: ${what}.`,
    });
  });
  for (const [table, records] of byName(withheld)) {
    const detail = `${records} row(s) of table ${table} are live credentials: not decoded.`;
    findings.push(finding('CREDENTIAL_WITHHELD', `${path}!${table}`, { records, detail }));
  }
  const tables = new Set(units.map(({ state }) => shapes[(state as RowSpans).shape]?.table ?? ''));
  for (const [table, columns] of SECRET_COLUMNS) {
    if (!tables.has(table)) continue;
    const detail = `Column ${[...columns][0]} of table ${table} holds live credentials: it is left out, and the raw records with it.`;
    findings.push(finding('CREDENTIAL_WITHHELD', `${path}!${table}`, { records: 0, detail }));
  }
  return findings;
}

function whyUncovered(table: string, isRead: boolean): string {
  if (isRead) return 'read for keys and marks, not shown as items';
  return DERIVED.has(table) ? 'what the server keeps about events beside them: not decoded apart' : 'not decoded';
}

/** Decodes rows. */
class SynapseDecoder implements UnitDecoder {
  readonly #state: SynapseState;
  readonly #file: CaptureFile;
  readonly #decoder: EventDecoder;

  constructor(state: SynapseState, file: CaptureFile, context: DecodeContext) {
    this.#state = state;
    this.#file = file;
    this.#decoder = new EventDecoder(eventTerms(state, context, mediaFinder(file, state.media)));
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const account = new UnitAccounting();
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    const { shape: index, row, spans } = unit.state as RowSpans;
    const shape = this.#state.shapes[index] as TableShape;
    for (let i = 0; i + 1 < spans.length; i += 2) {
      const locator = {
        path: this.#state.path,
        offset: spans[i] as number,
        length: spans[i + 1] as number,
        row: row + i / 2,
      };
      counts.records++;
      if (this.#row(shape, locator, { out, account })) counts.decoded++;
      else counts.lost++;
    }
    return { counts, summary: account.close() };
  }

  close(): void {}

  #row(shape: TableShape, locator: Locator, into: { out: BatchWriter; account: UnitAccounting }): boolean {
    const { source } = this.#file;
    const place = { offset: locator.offset as number, length: locator.length as number };
    const values = rowValues(source, shape, place);
    if (values === null)
      return malformed(locator, into.out, `it cannot be read as a row of ${shape.columns.length} columns`);
    const raw = source.read(place.offset, place.length);
    if (shape.table === 'event_json') return this.#event({ shape, values, locator, raw }, into);
    writeTableRow(into.out, { shape, values, locator, raw });
    return true;
  }

  #event(
    {
      shape,
      values,
      locator,
      raw,
    }: { shape: TableShape; values: (string | null)[]; locator: Locator; raw: Uint8Array },
    { out, account }: { out: BatchWriter; account: UnitAccounting },
  ): boolean {
    const column = columnReader(shape, values);
    const event = parseObject(column('json') ?? '');
    if (event === null) return malformed(locator, out, 'its event is no well-formed JSON object');
    const statedId = column('event_id');
    const metadata = parseObject(column('internal_metadata') ?? '');
    const marks: (readonly [string, string | number | boolean])[] = [['table', shape.table]];
    const rejected = this.#state.rejections.get(statedId ?? '');
    const redactedBy = this.#state.redactions.get(statedId ?? '');
    if (rejected !== undefined) marks.push(['rejected', rejected]);
    if (redactedBy !== undefined) marks.push(['redaction', redactedBy]);
    for (const name of ['outlier', 'soft_failed', 'redacted'])
      if (memberOf(metadata, name) === true) marks.push([name, true]);
    const order = integerOf(metadata, 'stream_ordering');
    if (order !== null) marks.push(['stream_ordering', order]);
    const found = { event, locator, raw, statedId, statedRoom: column('room_id'), fields: marks, receivedAt: null };
    return this.#decoder.decode({ ...found, isOutlier: memberOf(metadata, 'outlier') === true }, out, account);
  }
}

function malformed(locator: Locator, out: BatchWriter, why: string): false {
  out.finding(finding('RECORD_MALFORMED', locator, { records: 1, detail: `The row is not decoded: ${why}.` }));
  return false;
}
