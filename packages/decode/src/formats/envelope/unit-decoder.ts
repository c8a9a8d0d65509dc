import { isUtf8 } from 'node:buffer';
import { sha256Hex } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { readBlock, type StoredBlock } from '../../containers/record-store.ts';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import type { RecordLayout } from '../../profile/layout.ts';
import { contentEnd } from './content-end.ts';
import { CsvScanner } from './csv-scanner.ts';
import type { Dump } from './dump.ts';
import { FindingFolder, type Place } from './finding-folder.ts';
import { innerProblem } from './inner-json.ts';
import { AMBIGUOUS_TIME, ItemWriter, noItem, type Opened, unsealed } from './item-writer.ts';
import { JsonScanner } from './json-scanner.ts';
import { FINDING_OF, type FindingOfRecord } from './outcome-findings.ts';
import { PayloadOpener } from './payload-opener.ts';
import type { UnitState } from './plan-units.ts';
import { digits } from './read-time.ts';
import { noPayload, type OpenedPayload, RecipePayloads } from './recipe-payloads.ts';
import { type RecordValues, TEXT } from './record-values.ts';
import { type FoundPlace, isCopy, placeRecord, ScannedRecord, WINDOW } from './scanned-record.ts';
import { shownId } from './shown-id.ts';
import { isBlank, LONGEST_RECORD } from './splitter.ts';
import { StretchMemory } from './stretch-memory.ts';
import { typeOf } from './type-of.ts';
import { UnitStreams } from './unit-streams.ts';
import { emptySummary, type UnitSummary } from './unit-summary.ts';

type Judged = Pick<OpenedPayload, 'authenticated' | 'authentication'>;

/** Decodes units of a dump, in any order: what is kept between them are caches that change no result. */
export class EnvelopeDecoder implements UnitDecoder {
  readonly #file: CaptureFile;
  readonly #dump: Dump;
  readonly #opener: PayloadOpener;
  readonly #items: ItemWriter;
  readonly #streams = new UnitStreams();
  readonly #recipes: RecipePayloads;
  readonly #inner = new Map<RecordLayout, JsonScanner>();
  #summary: UnitSummary = emptySummary(0);
  #findings: FindingFolder | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #memory = new StretchMemory();
  /** Number of the next line or row. */
  #row = 1;
  readonly #window: ScannedRecord[] = [];
  /** Filled again for each item. */
  readonly #item: Opened;
  readonly #payload: OpenedPayload = noPayload();
  readonly #numbered: { number: number; time: number | null; row: number } = { number: 0, time: null, row: 0 };
  /** The record before the window. */
  #before: FoundPlace | null = null;
  #state: UnitState = { kind: 'records', offset: 0, length: 0, row: 1 };

  constructor(file: CaptureFile, dump: Dump) {
    this.#file = file;
    this.#dump = dump;
    this.#opener = new PayloadOpener(dump.keys);
    this.#items = new ItemWriter(dump.layout.profile.platform);
    this.#item = noItem(file.name);
    this.#recipes = new RecipePayloads(dump);
    for (const record of dump.layout.records) {
      if (record.inner !== null) this.#inner.set(record, new JsonScanner(record.inner.paths));
    }
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    this.#start(state, out);
    if (state.kind === 'records') this.#records();
    else this.#undecodable(state);
    this.#findings?.flush();
    this.#countUnused();
    this.#summary.streams = this.#streams.pack();
    this.#summary.order = this.#items.order;
    const { records, decoded, lost, lostUnknown, notCovered } = this.#summary;
    return { counts: { records, decoded, lost: lostUnknown ? null : lost, notCovered }, summary: this.#summary };
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
    this.#memory.clear();
  }

  #start(state: UnitState, out: BatchWriter): void {
    const { records } = this.#dump.layout;
    this.#summary = emptySummary(Math.max(...records.map(({ sequence }) => sequence?.toleranceMs ?? 0)));
    this.#streams.renew();
    this.#items.renew(out);
    const path = state.stored?.path ?? this.#file.name;
    this.#findings = new FindingFolder(out, path);
    this.#item.locator.path = path;
    this.#state = state;
    const { scanner } = this.#dump;
    if (scanner instanceof JsonScanner) scanner.names.forget();
  }

  #undecodable(state: UnitState): void {
    const place = { row: state.row, offset: state.offset, length: state.length };
    if (state.kind === 'oversize') {
      this.#summary.records++;
      this.#lose('LIMIT_EXCEEDED', `a record is longer than ${LONGEST_RECORD} bytes`, place);
      return;
    }
    this.#summary.lostUnknown = true;
    const detail = state.detail ?? 'quotes that are not closed: where rows begin and end cannot be told here';
    this.#findings?.alone('RECORD_MALFORMED', place, { detail, records: null });
  }

  #records(): void {
    const { offset, length, stored } = this.#state;
    this.#before = null;
    this.#opener.begin(true);
    if (stored !== undefined) this.#storedRecords(stored);
    else this.#plainRecords(this.#memory.read(this.#file.source, offset, length));
    if (this.#before !== null) this.#summary.last = this.#edge(this.#before);
  }

  #plainRecords(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#dump.splitter.complete = true;
    this.#row = this.#state.row;
    for (let at = 0; at < bytes.length; ) at = this.#plainWindow(bytes, at);
  }

  /** The records of one window, and where the next begins. A loop over a whole unit V8 would compile anew in each. */
  #plainWindow(bytes: Buffer, from: number): number {
    let used = 0;
    let at = from;
    for (; at < bytes.length && used < WINDOW; this.#row++) {
      const next = this.#dump.splitter.next(bytes, at);
      if (!isBlank(bytes, at, next)) {
        const record = this.#place(used++);
        record.renew(this.#row, at, contentEnd(bytes, at, next) - at);
        record.foundIn(bytes, this.#state.offset);
        this.#scan(record);
      }
      at = next;
    }
    this.#finish(used);
    return at;
  }

  #storedRecords(stored: StoredBlock): void {
    const block = readBlock(this.#dump.store as ByteSource, stored);
    this.#bytes = block.lines;
    let used = 0;
    for (let i = 0; i < stored.count; i++) {
      const record = this.#place(used++);
      if (placeRecord(record, block, i)) this.#scan(record);
      if (used < WINDOW) continue;
      this.#finish(used);
      used = 0;
    }
    this.#finish(used);
  }

  #place(i: number): ScannedRecord {
    let record = this.#window[i];
    if (record === undefined) {
      record = new ScannedRecord(this.#dump.scanner.values.another());
      this.#window.push(record);
    }
    return record;
  }

  /** Opens and writes the first `count` records of the window. */
  #finish(count: number): void {
    if (count === 0) return;
    this.#opener.openStaged();
    for (let i = 0; i < count; i++) {
      const record = this.#window[i] as ScannedRecord;
      this.#summary.first ??= this.#edge(record);
      this.#record(record, i === 0 ? this.#before : (this.#window[i - 1] as ScannedRecord));
    }
    this.#opener.begin(false);
    const { row, offset, length, foundAt, foundLength } = this.#window[count - 1] as ScannedRecord;
    this.#before = { row, offset, length, foundAt, foundLength };
  }

  #scan(record: ScannedRecord): void {
    const { scanner } = this.#dump;
    const end = record.offset + record.length;
    scanner.values = record.values;
    if (!scanner.scan(this.#bytes, record.offset, end)) {
      record.problem = scanner.problem;
      record.problemAt = scanner.problemAt - record.offset;
      return;
    }
    if (scanner.high && !isUtf8(this.#bytes.subarray(record.offset, end))) {
      record.problem = 'bytes that are not UTF-8';
      return;
    }
    if (scanner instanceof JsonScanner) {
      record.twice = scanner.duplicate !== null;
      if (scanner.duplicateUsed) record.problem = 'a name that the profile reads stands twice';
      if (scanner.duplicateUsed) return;
    }
    record.layout = typeOf(record.values, this.#dump.layout.records);
    if (record.layout !== null) record.staged = this.#recipes.stage(record.values, record.layout, this.#opener);
  }

  /** `before`: the record before it in the unit. */
  #record(record: ScannedRecord, before: FoundPlace | null): void {
    this.#summary.records++;
    const { layout, problem } = record;
    if (problem !== null) {
      this.#unreadable(record, problem, record.problemAt);
      return;
    }
    if (layout === null) {
      this.#summary.notCovered++;
      this.#findings?.add('NOT_COVERED', 'a type of record that the profile does not describe', this.#inFile(record));
      return;
    }
    const copy = before !== null && isCopy(this.#bytes, record, before);
    this.#decode(record, layout);
    if (copy && before !== null) {
      const detail = 'the same bytes as the record before it';
      this.#findings?.alone('DUPLICATE', this.#inFile(record), { detail, related: this.#inFile(before) });
    } else if (layout.sequence !== null) {
      this.#sequence(record.values, layout, record.row);
    }
    this.#remarks(record);
  }

  #decode(record: ScannedRecord, layout: RecordLayout): void {
    const { values } = record;
    this.#items.time.utc = null;
    const { sealed, recipe } = layout;
    if (recipe !== null) {
      if (this.#openedTogether(record, layout)) return;
      const payload = this.#recipes.open(values, layout);
      if (payload.judged) this.#summary.tried++;
      if (payload.authenticated) this.#summary.verified++;
      if (payload.outcome === 'opened') this.#opened(record, layout, payload);
      else this.#notOpened(record, payload.outcome, payload);
      return;
    }
    if (sealed === null) {
      const has = layout.body >= 0 && values.kinds[layout.body] === TEXT;
      const body = has ? values.bytes(layout.body) : null;
      this.#span(values.starts[layout.body], values.ends[layout.body]);
      this.#write(record, layout, { body, authentication: unsealed, inner: null });
      return;
    }
    const outcome = this.#opener.open(values, sealed, record.staged);
    const tagged = sealed.tag !== null;
    if (tagged && (outcome === 'opened' || outcome === 'failed')) this.#summary.tried++;
    if (outcome !== 'opened') {
      this.#notOpened(record, outcome, this.#opener);
      return;
    }
    if (tagged) this.#summary.verified++;
    this.#give(record, layout, { authenticated: tagged, authentication: sealed.authentication });
  }

  /** True where the record's tag was found right among many: the recipe would give the same plaintext. */
  #openedTogether(record: ScannedRecord, layout: RecordLayout): boolean {
    if (layout.together === null || !this.#opener.openedTogether(record.staged)) return false;
    this.#summary.tried++;
    this.#summary.verified++;
    this.#give(record, layout, { authenticated: true, authentication: this.#recipes.verified(layout) });
    return true;
  }

  #give(record: ScannedRecord, layout: RecordLayout, judged: Judged): void {
    const payload = this.#payload;
    this.#opener.give(payload);
    payload.authenticated = judged.authenticated;
    payload.authentication = judged.authentication;
    this.#opened(record, layout, payload);
  }

  #opened(record: ScannedRecord, layout: RecordLayout, payload: OpenedPayload): void {
    const { bytes, start, end, utf8, authenticated, authentication } = payload;
    const text = utf8 || isUtf8(bytes.subarray(start, end));
    if (!authenticated && !text) {
      const detail = 'what the key gives is not text, and the dump has no tag that would tell why';
      this.#lose('KEY_NOT_VERIFIED', detail, this.#inFile(record));
      return;
    }
    const inner = this.#inner.get(layout);
    if (inner === undefined) {
      this.#span(start, end);
      this.#write(record, layout, { body: bytes, authentication, inner: null });
    } else {
      const problem = innerProblem(inner, text, { bytes, start, end, body: layout.inner?.body ?? -1 });
      if (problem !== null) {
        this.#lose('RECORD_MALFORMED', problem, this.#inFile(record));
        return;
      }
      const { values } = inner;
      const has = (layout.inner?.body ?? -1) >= 0;
      const body = has ? values.bytes(0) : null;
      this.#span(values.starts[0], values.ends[0]);
      this.#write(record, layout, { body, authentication, inner: values });
    }
    if (!authenticated) this.#summary.unauthenticated++;
    if (inner === undefined && !text) {
      const detail = 'the sealed text is not UTF-8; its bytes are kept as they are';
      this.#findings?.alone('FIELD_COERCED', this.#inFile(record), { detail });
    }
  }

  #write(record: ScannedRecord, layout: RecordLayout, more: Pick<Opened, 'body' | 'authentication' | 'inner'>): void {
    this.#findings?.flush();
    const item = this.#item;
    item.locator.offset = record.foundAt;
    item.locator.length = record.foundLength;
    item.locator.row = record.row;
    item.raw = record.raw;
    item.rawStart = record.rawStart;
    item.rawEnd = record.rawEnd;
    item.body = more.body;
    item.authentication = more.authentication;
    item.inner = more.inner;
    this.#items.write(record.values, layout, item);
    if (this.#items.isAmbiguous) this.#findings?.alone('TIME_ANOMALY', this.#inFile(record), AMBIGUOUS_TIME);
    this.#summary.decoded++;
  }

  /** Where the body of the next item stands in the bytes that it is written from. */
  #span(start: number | undefined, end: number | undefined): void {
    this.#item.bodyStart = start as number;
    this.#item.bodyEnd = end as number;
  }

  #notOpened(place: FoundPlace, outcome: keyof typeof FINDING_OF, why: { detail: string; keyId: string | null }): void {
    const { detail, keyId } = why;
    const inFile = this.#inFile(place);
    // A row of a table has all its columns before its last one is whole; a JSON object is closed or it is not.
    if (this.#isCut(inFile) && this.#dump.scanner instanceof CsvScanner && outcome !== 'key-missing') {
      this.#lose('TRUNCATED', `the dump ends with this record, without a line end: ${detail}`, inFile);
      return;
    }
    const which = outcome === 'key-missing' && keyId !== null ? `${detail} (${shownId(keyId)})` : detail;
    this.#lose(FINDING_OF[outcome], which, inFile);
  }

  #lose(code: FindingOfRecord, cause: string, place: Place): void {
    this.#summary.lost++;
    this.#findings?.add(code, cause, place);
  }

  /** A record without its line end, at the very end of the file, was most likely cut off there. */
  #unreadable(place: FoundPlace, problem: string, at: number | null): void {
    this.#summary.lost++;
    this.#summary.unreadable++;
    const inFile = this.#inFile(place);
    const where = at === null ? '' : ` at byte ${at} of the record`;
    const cut = this.#isCut(inFile);
    const detail = cut ? `the dump ends inside this record: ${problem}${where}` : `${problem}${where}`;
    this.#findings?.alone(cut ? 'TRUNCATED' : 'RECORD_MALFORMED', inFile, { detail });
  }

  #remarks(place: ScannedRecord): void {
    if (place.values.coerced) {
      const detail = 'a text holds half of a surrogate pair, which UTF-8 cannot carry; it is shown as U+FFFD';
      this.#findings?.alone('FIELD_COERCED', this.#inFile(place), { detail });
    }
    if (place.twice) {
      const detail = 'a name stands twice in the record; the profile does not read it';
      this.#findings?.alone('CONFLICTING_COPIES', this.#inFile(place), { detail });
    }
  }

  #sequence(values: RecordValues, { sequence, sentAt }: RecordLayout, row: number): void {
    if (sequence === null || !values.has(sequence.slot) || !values.has(sequence.stream)) return;
    const { starts, ends } = values;
    const { slot, stream, toleranceMs } = sequence;
    this.#numbered.number = digits(values.bytes(slot), starts[slot] as number, ends[slot] as number);
    if (this.#numbered.number < 0 || ends[stream] === starts[stream]) return;
    this.#numbered.time = sentAt === null ? null : this.#items.time.utc;
    this.#numbered.row = row;
    const ids = values.bytes(stream);
    this.#streams.add(ids, starts[stream] as number, ends[stream] as number, this.#numbered, toleranceMs);
  }

  #countUnused(): void {
    const { scanner } = this.#dump;
    if (!(scanner instanceof JsonScanner)) return;
    for (const { name, unused } of scanner.names.entries) if (unused > 0) this.#summary.unused.push([name, unused]);
  }

  #isCut(inFile: Place): boolean {
    return this.#state.stored === undefined && inFile.offset + inFile.length === this.#file.source.length;
  }

  #inFile({ row, foundAt, foundLength }: FoundPlace): Place {
    return { row, offset: foundAt, length: foundLength };
  }

  #edge(place: FoundPlace): { row: number; sha256: string; offset: number; length: number } {
    const sha256 = sha256Hex(this.#bytes.subarray(place.offset, place.offset + place.length));
    return { ...this.#inFile(place), sha256 };
  }
}
