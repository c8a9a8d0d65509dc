import type { CaptureFile } from '../format.ts';
import { LONGEST_RECORD } from '../formats/envelope/splitter.ts';
import type { Container } from '../profile/profile.ts';
import { BinaryCursor, type BinaryValue, Incomplete, jsonText, NotBinary } from './binary-value.ts';
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
  for (let offset = 0; offset < source.length; ) {
    const cursor = new BinaryCursor(Buffer.from(source.read(offset, size)));
    const isLast = offset + cursor.bytes.length >= source.length;
    const taken = takeAll(cursor, read, (value, start) => {
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
  if (row === 0 && lost.length > 0) throw new ContainerFailure(`the file is no stream of ${kind} maps`);
  return { columns: [], lost, findings: [] };
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
