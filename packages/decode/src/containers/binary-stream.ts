import type { CaptureFile } from '../format.ts';
import { LONGEST_RECORD } from '../formats/envelope/splitter.ts';
import type { Container } from '../profile/profile.ts';
import { BinaryCursor, type BinaryValue, Incomplete, jsonText, NotBinary, Tagged } from './binary-value.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport, LostStretch } from './container-report.ts';
import { readCbor } from './read-cbor.ts';
import { readMsgpack } from './read-msgpack.ts';
import type { RecordStore } from './record-store.ts';

const WINDOW = 1024 * 1024;

/** Maps one after the other. Behind a value that is none, nobody can say where the next begins. */
export function readBinaryStream(
  { source }: CaptureFile,
  { kind }: Extract<Container, { kind: 'cbor' | 'msgpack' }>,
  store: RecordStore,
): ContainerReport {
  const read = kind === 'cbor' ? readCbor : readMsgpack;
  const lost: LostStretch[] = [];
  let row = 0;
  let size = WINDOW;
  const list = listHead(source.read(0, LONGEST_HEAD), kind);
  const end = list.count === null && list.size > 0 && source.read(source.length - 1, 1)[0] === BREAK ? 1 : 0;
  for (let offset = list.size; offset < source.length - end; ) {
    const cursor = new BinaryCursor(Buffer.from(source.read(offset, Math.min(size, source.length - end - offset))));
    const isLast = offset + cursor.bytes.length >= source.length - end;
    const taken = takeAll(cursor, read, (found, start) => {
      const value = found instanceof Tagged && found.tag === SELF_DESCRIBED ? found.value : found;
      row++;
      const place = { row, offset: offset + start, length: cursor.at - start };
      if (place.length > LONGEST_RECORD) store.problem(`a record is longer than ${LONGEST_RECORD} bytes`, place);
      else if (!(value instanceof Map)) store.problem('a value that is no map', place);
      else store.add(Buffer.from(jsonText(value)), place, cursor.bytes.subarray(start, cursor.at));
    });
    offset += taken.used;
    if (
      taken.why !== null ||
      (isLast && taken.used < cursor.bytes.length) ||
      (taken.used === 0 && size > 4 * LONGEST_RECORD)
    ) {
      const detail = `from here on no record can be told: ${taken.why ?? 'the file ends inside a record, or one is too long'}`;
      lost.push({ offset, length: source.length - offset, detail });
      break;
    }
    size = taken.used === 0 ? size * 4 : WINDOW;
  }
  if (list.count !== null && row !== list.count && lost.length === 0) {
    const detail = `the list that the file is says that it has ${list.count} records, ${row} are there`;
    lost.push({ offset: source.length, length: 0, detail });
  }
  if (row === 0 && lost.length > 0) {
    const [{ offset, detail }] = lost as [LostStretch];
    throw new ContainerFailure(`the file is no stream of ${kind} maps: at byte ${offset}, ${detail}`);
  }
  return { columns: [], lost, findings: [] };
}

/** RFC 8949 3.4.6. */
const SELF_DESCRIBED = 55_799;
const LONGEST_HEAD = 16;
const BREAK = 0xff;

/** The head of a list that holds all records, where the file is one; `count` null: it does not say how many. */
function listHead(head: Uint8Array, kind: 'cbor' | 'msgpack'): { size: number; count: number | null } {
  const bytes = Buffer.from(head);
  if (kind === 'msgpack') {
    const first = bytes[0] ?? 0;
    if (first >> 4 === 9) return { size: 1, count: first & 15 };
    if (first === 0xdc && bytes.length > 2) return { size: 3, count: bytes.readUInt16BE(1) };
    return first === 0xdd && bytes.length > 4 ? { size: 5, count: bytes.readUInt32BE(1) } : { size: 0, count: null };
  }
  const at = bytes.subarray(0, 3).toString('hex') === 'd9d9f7' ? 3 : 0;
  const first = bytes[at] ?? 0;
  const info = first & 31;
  if (first >> 5 !== 4 || (info > 26 && info !== 31)) return { size: 0, count: null };
  if (info === 31) return { size: at + 1, count: null };
  const more = info < 24 ? 0 : 1 << (info - 24);
  if (bytes.length < at + 1 + more) return { size: 0, count: null };
  return { size: at + 1 + more, count: more === 0 ? info : bytes.readUIntBE(at + 1, more) };
}

/** Reads whole values; `why` says what stopped it but the end of the bytes. */
function takeAll(
  cursor: BinaryCursor,
  read: (cursor: BinaryCursor) => BinaryValue,
  onValue: (value: BinaryValue, start: number) => void,
): { used: number; why: string | null } {
  let used = 0;
  try {
    while (cursor.at < cursor.bytes.length) {
      const value = read(cursor);
      onValue(value, used);
      used = cursor.at;
    }
  } catch (error) {
    if (error instanceof NotBinary) return { used, why: error.message };
    if (!(error instanceof Incomplete)) throw error;
  }
  return { used, why: null };
}
