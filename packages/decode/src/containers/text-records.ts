import type { ByteSource } from '../byte-source.ts';
import { contentEnd } from '../formats/envelope/content-end.ts';
import { isBlank, LONGEST_RECORD, type Splitter } from '../formats/envelope/splitter.ts';
import type { LostStretch } from './container-report.ts';
import type { RecordPlace } from './record-store.ts';
import { shadowOf, type TextForm, textDecoder } from './text-encoding.ts';

const WINDOW = 4 * 1024 * 1024;

/** A record of a text, decoded; `text` null: its bytes are none in the encoding. */
export interface TextRecord {
  readonly text: string | null;
  readonly bytes: Buffer;
  readonly place: RecordPlace;
}

/** Walks the records of a text in any encoding. Blank lines are counted as rows and not given. */
export function walkText(
  source: ByteSource,
  { encoding, mark }: TextForm,
  { splitter, onRecord }: { splitter: Splitter; onRecord: (record: TextRecord) => void },
): LostStretch[] {
  const decode = textDecoder(encoding);
  const lost: LostStretch[] = [];
  let row = 1;
  let size = WINDOW;
  for (let offset = mark; offset < source.length; ) {
    const bytes = Buffer.from(source.read(offset, size));
    const { shadow, width } = shadowOf(bytes, encoding);
    splitter.complete = offset + bytes.length >= source.length;
    let used = 0;
    for (let at = 0; at < shadow.length; at = used) {
      const next = splitter.next(shadow, at);
      if (next < 0) break;
      used = next;
      const place = { row, offset: offset + at * width, length: (contentEnd(shadow, at, next) - at) * width };
      const content = bytes.subarray(at * width, at * width + place.length);
      row++;
      if (splitter.gaveUp)
        lost.push({ ...place, detail: 'quotes that are not closed: rows cannot be told apart here' });
      else if (!isBlank(shadow, at, next)) onRecord({ text: decode(content), bytes: content, place });
    }
    offset += used * width;
    if (used > 0) size = WINDOW;
    else if (size > 2 * LONGEST_RECORD || splitter.complete) return [...lost, tail(source, offset)];
    else size *= 4;
  }
  return lost;
}

function tail(source: ByteSource, offset: number): LostStretch {
  return { offset, length: source.length - offset, detail: `a record is longer than ${LONGEST_RECORD} bytes` };
}
