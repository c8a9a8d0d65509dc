import { utf8DecodeLossy } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import { type LineHead, lineHead } from './line-head.ts';
import { textLines } from './text-lines.ts';

/** Longer messages than the app has (65,536 characters) are not held: the record is counted, not read. */
const LONGEST_RECORD: number = 4 * 1024 * 1024;

/** One message of an export: its head line and the lines that go on. */
export interface ChatRecord {
  readonly offset: number;
  readonly length: number;
  /** From 1, within the stretch read. */
  readonly number: number;
  /** Null: text before the first message. */
  readonly head: LineHead | null;
  /** Text behind the head, lines joined; null where the record is too long to be one. */
  readonly text: string | null;
  /** Lines inside that look like heads of another form, and are text. */
  readonly foreign: number;
}

/** The way in which an export writes its heads: one app in one language writes all of them alike. */
export function formOf({ shape, separator, yearAt, seconds }: LineHead): string {
  return [shape, separator, yearAt ?? '', seconds === null ? '' : 's'].join(' ');
}

/** Messages of `[from, until)`. Only heads of the form begin one; `form` null: that of the first head. */
export function* chatRecords(
  source: ByteSource,
  form: string | null,
  [from, until]: readonly [number, number] = [0, source.length],
): Generator<ChatRecord> {
  let open: Open | null = null;
  let wanted = form;
  let number = 0;
  for (const line of textLines(source, from, until)) {
    const text = utf8DecodeLossy(line.bytes);
    const head = lineHead(text);
    if (head !== null) wanted ??= formOf(head);
    if (head !== null && formOf(head) === wanted) {
      if (open !== null) yield closed(open);
      open = {
        offset: line.offset,
        length: 0,
        number: ++number,
        head,
        lines: [text.slice(head.end)],
        size: 0,
        foreign: 0,
      };
    } else if (open === null) {
      if (text.replace(/^\ufeff/u, '').trim() === '') continue;
      open = { offset: line.offset, length: 0, number: ++number, head: null, lines: [text], size: 0, foreign: 0 };
    } else {
      open.size += line.length;
      if (open.size <= LONGEST_RECORD) open.lines.push(text);
      else open.lines.length = 0;
      if (head !== null) open.foreign++;
    }
    open.length = line.offset + line.length - open.offset;
  }
  if (open !== null) yield closed(open);
}

interface Open {
  readonly offset: number;
  length: number;
  readonly number: number;
  readonly head: LineHead | null;
  readonly lines: string[];
  size: number;
  foreign: number;
}

function closed({ offset, length, number, head, lines, size, foreign }: Open): ChatRecord {
  return { offset, length, number, head, text: size > LONGEST_RECORD ? null : lines.join('\n'), foreign };
}
