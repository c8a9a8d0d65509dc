import { isUtf8 } from 'node:buffer';
import { sha256Hex } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import type { RecordLayout } from '../../profile/layout.ts';
import { BytesCache } from './bytes-cache.ts';
import { CsvScanner } from './csv-scanner.ts';
import type { Dump } from './dump.ts';
import { FindingFolder, type Place } from './finding-folder.ts';
import { ItemWriter, innerScanner, unsealed } from './item-writer.ts';
import { JsonScanner } from './json-scanner.ts';
import { packStreams } from './packed-streams.ts';
import { type Outcome, PayloadOpener } from './payload-opener.ts';
import { asBuffer, type UnitState } from './plan-units.ts';
import { digits } from './read-time.ts';
import { NULL, type RecordValues, TEXT } from './record-values.ts';
import { isBlank, LONGEST_RECORD } from './splitter.ts';
import { addNumber, emptyStream, type Stream } from './stream.ts';
import { emptySummary, type UnitSummary } from './unit-summary.ts';

const FINDING_OF = {
  failed: 'AUTHENTICATION_FAILED',
  'key-missing': 'KEY_MISSING',
  unsupported: 'UNSUPPORTED_VERSION',
  malformed: 'RECORD_MALFORMED',
  'too-long': 'LIMIT_EXCEEDED',
} as const;

/** Decodes units of a dump, in any order: what is kept between them are caches that change no result. */
export class EnvelopeDecoder implements UnitDecoder {
  readonly #file: CaptureFile;
  readonly #dump: Dump;
  readonly #opener: PayloadOpener;
  readonly #items: ItemWriter;
  readonly #streams: BytesCache<Stream>;
  readonly #inner = new Map<RecordLayout, JsonScanner>();
  #streamsById = new Map<string, Stream>();
  #summary: UnitSummary = emptySummary(0);
  #findings: FindingFolder | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #state: UnitState = { kind: 'records', offset: 0, length: 0, row: 1 };

  constructor(file: CaptureFile, dump: Dump) {
    this.#file = file;
    this.#dump = dump;
    this.#opener = new PayloadOpener(dump.keys);
    this.#items = new ItemWriter(dump.layout.profile.platform);
    this.#streams = new BytesCache((id) => this.#stream(id));
    for (const record of dump.layout.records) {
      const path = record.sealed?.innerBody ?? null;
      if (path !== null) this.#inner.set(record, innerScanner(path));
    }
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    this.#start(state, out);
    if (state.kind === 'records') this.#records();
    else this.#undecodable(state);
    this.#findings?.flush();
    this.#countUnused();
    this.#summary.streams = packStreams([...this.#streamsById.values()]);
    const { records, decoded, lost, lostUnknown, notCovered } = this.#summary;
    return { counts: { records, decoded, lost: lostUnknown ? null : lost, notCovered }, summary: this.#summary };
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
  }

  #start(state: UnitState, out: BatchWriter): void {
    const tolerances = this.#dump.layout.records.map((record) => record.sequence?.toleranceMs ?? 0);
    this.#summary = emptySummary(Math.max(...tolerances));
    this.#streamsById = new Map();
    this.#streams.renew();
    this.#items.renew(out);
    this.#findings = new FindingFolder(out, this.#file.name);
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
    const detail = 'quotes that are not closed: where rows begin and end cannot be told here';
    this.#findings?.alone('RECORD_MALFORMED', place, { detail, records: null });
  }

  #records(): void {
    const { offset, length } = this.#state;
    const bytes = asBuffer(this.#file.source.read(offset, length));
    this.#bytes = bytes;
    const { splitter } = this.#dump;
    splitter.complete = true;
    let { row } = this.#state;
    let before: Place | null = null;
    for (let at = 0; at < bytes.length; row++) {
      const next = splitter.next(bytes, at);
      if (!isBlank(bytes, at, next)) {
        const place: Place = { row, offset: at, length: contentEnd(bytes, at, next) - at };
        this.#record(place, before);
        before = place;
      }
      at = next;
    }
    if (before !== null) this.#summary.last = this.#edge(before);
  }

  /** `place` and `before` count in the bytes of the unit. */
  #record(place: Place, before: Place | null): void {
    const { scanner } = this.#dump;
    const end = place.offset + place.length;
    this.#summary.records++;
    this.#summary.first ??= this.#edge(place);
    const wellFormed = scanner.scan(this.#bytes, place.offset, end);
    if (!wellFormed) {
      this.#unreadable(place, scanner.problem, scanner.problemAt - place.offset);
      return;
    }
    if (scanner.high && !isUtf8(this.#bytes.subarray(place.offset, end))) {
      this.#unreadable(place, 'bytes that are not UTF-8', null);
      return;
    }
    if (scanner instanceof JsonScanner && scanner.duplicateUsed) {
      this.#unreadable(place, 'a name that the profile reads stands twice', null);
      return;
    }
    const layout = this.#typeOf(scanner.values);
    if (layout === null) {
      this.#summary.notCovered++;
      this.#findings?.add('NOT_COVERED', 'a type of record that the profile does not describe', this.#inFile(place));
      return;
    }
    const copy = before !== null && this.#isCopy(place, before);
    this.#decode(place, layout);
    if (copy && before !== null) {
      const detail = 'the same bytes as the record before it';
      this.#findings?.alone('DUPLICATE', this.#inFile(place), { detail, related: this.#inFile(before) });
    } else if (layout.sequence !== null) {
      this.#sequence(scanner.values, layout, place.row);
    }
    this.#remarks(place);
  }

  #decode(place: Place, layout: RecordLayout): void {
    const { values } = this.#dump.scanner;
    this.#items.time.utc = null;
    const { sealed } = layout;
    if (sealed === null) {
      const has = layout.body >= 0 && values.kinds[layout.body] === TEXT;
      const source = has ? values.bytes(layout.body) : null;
      const body = source?.subarray(values.starts[layout.body], values.ends[layout.body]) ?? null;
      this.#write(place, layout, body);
      return;
    }
    const outcome = this.#opener.open(values, sealed);
    if (sealed.tag !== null && (outcome === 'opened' || outcome === 'failed')) this.#summary.tried++;
    if (outcome !== 'opened') {
      this.#notOpened(place, outcome);
      return;
    }
    if (sealed.tag !== null) this.#summary.verified++;
    const body = this.#body(layout, sealed.tag !== null);
    if (typeof body === 'string') {
      this.#lose('RECORD_MALFORMED', body, this.#inFile(place));
      return;
    }
    if (body === NOISE) {
      const detail = 'what the key gives is not text, and the dump has no tag that would tell why';
      this.#lose('KEY_NOT_VERIFIED', detail, this.#inFile(place));
      return;
    }
    this.#write(place, layout, body);
    if (sealed.tag === null) this.#summary.unauthenticated++;
    if (sealed.innerBody === null && !isUtf8(body)) {
      const detail = 'the sealed text is not UTF-8; its bytes are kept as they are';
      this.#findings?.alone('FIELD_COERCED', this.#inFile(place), { detail });
    }
  }

  /** The body in a plaintext; text says why there is none. */
  #body(layout: RecordLayout, authenticated: boolean): Buffer | string {
    const { plaintext } = this.#opener;
    if (!authenticated && !isUtf8(plaintext)) return NOISE;
    const inner = this.#inner.get(layout);
    if (inner === undefined) return plaintext;
    if (!inner.scan(plaintext, 0, plaintext.length) || !isUtf8(plaintext))
      return 'the sealed text is not the JSON that the profile describes';
    const { values } = inner;
    if (values.kinds[0] !== TEXT) return 'the sealed JSON has no text where the profile says';
    return values.bytes(0).subarray(values.starts[0], values.ends[0]);
  }

  #write(place: Place, layout: RecordLayout, body: Buffer | null): void {
    this.#findings?.flush();
    const raw = this.#bytes.subarray(place.offset, place.offset + place.length);
    const authentication = layout.sealed?.authentication ?? unsealed;
    const opened = { place: this.#inFile(place), path: this.#file.name, raw, body, authentication };
    this.#items.write(this.#dump.scanner.values, layout, opened);
    this.#summary.decoded++;
  }

  #notOpened(place: Place, outcome: Exclude<Outcome, 'opened'>): void {
    const { detail, keyId } = this.#opener;
    const inFile = this.#inFile(place);
    // A row of a table has all its columns before its last one is whole; a JSON object is closed or it is not.
    if (this.#isCut(inFile) && this.#dump.scanner instanceof CsvScanner && outcome !== 'key-missing') {
      this.#lose('TRUNCATED', `the dump ends with this record, without a line end: ${detail}`, inFile);
      return;
    }
    const which = outcome === 'key-missing' && keyId !== null ? `${detail} (${shownId(keyId)})` : detail;
    this.#lose(FINDING_OF[outcome], which, inFile);
  }

  #lose(
    code: (typeof FINDING_OF)[keyof typeof FINDING_OF] | 'KEY_NOT_VERIFIED' | 'TRUNCATED',
    cause: string,
    place: Place,
  ): void {
    this.#summary.lost++;
    this.#findings?.add(code, cause, place);
  }

  /** A record without its line end, at the very end of the file, was most likely cut off there. */
  #unreadable(place: Place, problem: string, at: number | null): void {
    this.#summary.lost++;
    this.#summary.unreadable++;
    const inFile = this.#inFile(place);
    const where = at === null ? '' : ` at byte ${at} of the record`;
    const cut = this.#isCut(inFile);
    const detail = cut ? `the dump ends inside this record: ${problem}${where}` : `${problem}${where}`;
    this.#findings?.alone(cut ? 'TRUNCATED' : 'RECORD_MALFORMED', inFile, { detail });
  }

  #remarks(place: Place): void {
    const { scanner } = this.#dump;
    if (scanner.values.coerced) {
      const detail = 'a text holds half of a surrogate pair, which UTF-8 cannot carry; it is shown as U+FFFD';
      this.#findings?.alone('FIELD_COERCED', this.#inFile(place), { detail });
    }
    if (scanner instanceof JsonScanner && scanner.duplicate !== null) {
      const detail = 'a name stands twice in the record; the profile does not read it';
      this.#findings?.alone('CONFLICTING_COPIES', this.#inFile(place), { detail });
    }
  }

  #typeOf(values: RecordValues): RecordLayout | null {
    for (const record of this.#dump.layout.records) {
      if (record.when < 0 || (values.kinds[record.when] !== NULL && values.equals(record.when, record.equals)))
        return record;
    }
    return null;
  }

  #isCopy(place: Place, before: Place): boolean {
    if (place.length !== before.length) return false;
    const bytes = this.#bytes;
    return (
      bytes.compare(bytes, before.offset, before.offset + before.length, place.offset, place.offset + place.length) ===
      0
    );
  }

  #sequence(values: RecordValues, { sequence, sentAt }: RecordLayout, row: number): void {
    if (sequence === null || !values.has(sequence.slot) || !values.has(sequence.stream)) return;
    const bytes = values.bytes(sequence.slot);
    const number = digits(bytes, values.starts[sequence.slot] as number, values.ends[sequence.slot] as number);
    if (number < 0 || values.ends[sequence.stream] === values.starts[sequence.stream]) return;
    const ids = values.bytes(sequence.stream);
    const stream = this.#streams.get(
      ids,
      values.starts[sequence.stream] as number,
      values.ends[sequence.stream] as number,
    );
    const time = sentAt === null ? null : this.#items.time.utc;
    addNumber(stream, { number, time, row }, sequence.toleranceMs);
  }

  #stream(id: string): Stream {
    let stream = this.#streamsById.get(id);
    if (stream === undefined) {
      stream = emptyStream(id);
      this.#streamsById.set(id, stream);
    }
    return stream;
  }

  #countUnused(): void {
    const { scanner } = this.#dump;
    if (!(scanner instanceof JsonScanner)) return;
    for (const { name, unused } of scanner.names.entries) if (unused > 0) this.#summary.unused.push([name, unused]);
  }

  #isCut(inFile: Place): boolean {
    return inFile.offset + inFile.length === this.#file.source.length;
  }

  #inFile({ row, offset, length }: Place): Place {
    return { row, offset: this.#state.offset + offset, length };
  }

  #edge(place: Place): { row: number; sha256: string; offset: number; length: number } {
    const sha256 = sha256Hex(this.#bytes.subarray(place.offset, place.offset + place.length));
    return { ...this.#inFile(place), sha256 };
  }
}

const NOISE: Buffer = Buffer.alloc(0);

/** The id of a key as findings show it: it comes from a stranger. */
function shownId(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}

function contentEnd(bytes: Buffer, start: number, end: number): number {
  let last = end;
  if (last > start && bytes[last - 1] === 0x0a) last--;
  if (last > start && bytes[last - 1] === 0x0d) last--;
  return last;
}
