import { createHash } from 'node:crypto';
import type { ByteSource } from '../../../byte-source.ts';
import type { Scratch, ScratchHandle } from '../../../scratch.ts';

/** What an earlier record of the same message says, beside a later one. */
export type Likeness = 'alike' | 'other text' | 'not compared';
const LIKENESS: readonly Likeness[] = ['alike', 'other text', 'not compared'];
/** Ours: a day's or a week's messages are far fewer. Each needs some hundred bytes of memory. */
export const MOST_COMPARED: number = 500_000;
const NUMBERS = 3;
const NONE = -1;
const BYTES = 8;

/** A message of one file of the set, by what is the same in every file. */
export interface SetMessage {
  readonly chat: string | null;
  readonly fromMe: boolean;
  readonly id: string | null;
  readonly text: string | null;
}

/** Where the message stood before: the number of the file in the set (0: the whole backup), and its row there. */
export interface EarlierRecord {
  readonly file: number;
  readonly row: number;
  readonly likeness: Likeness;
}

interface Known {
  readonly file: number;
  readonly row: number;
  readonly text: string | null;
}

/** Which messages of incremental backups stand in the whole one, or in an earlier one, as well. */
export class EarlierCopies {
  readonly #last = new Map<string, Known | null>();
  /** Messages that are not looked for, because there are too many. */
  left = 0;

  /** A message of an incremental backup: to be looked for in every file of the set. */
  want(message: SetMessage): void {
    const key = keyOf(message);
    if (key === null || this.#last.has(key)) return;
    if (this.#last.size < MOST_COMPARED) this.#last.set(key, null);
    else this.left++;
  }

  /** The record of a file, in the order of the set; what it says of the one before. */
  meet(message: SetMessage, file: number, row: number): EarlierRecord | null {
    const key = keyOf(message);
    const before = key === null ? undefined : this.#last.get(key);
    if (key === null || before === undefined) return null;
    const text = message.text === null ? null : digestOf(message.text);
    this.#last.set(key, { file, row, text });
    if (before === null) return null;
    const likeness =
      text === null || before.text === null ? 'not compared' : text === before.text ? 'alike' : 'other text';
    return { file: before.file, row: before.row, likeness };
  }
}

/** The JID, who wrote, and the id: the app's own key of a message. The same id stands in each chat of a broadcast. */
function keyOf({ chat, fromMe, id }: SetMessage): string | null {
  return chat === null || id === null ? null : `${Number(fromMe)} ${id} ${chat}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 22);
}

/** The earlier records of one file's messages, in their order, in scratch. */
export function storeEarlier(scratch: Scratch, records: readonly (EarlierRecord | null)[]): ScratchHandle {
  const numbers = new Float64Array(records.length * NUMBERS).fill(NONE);
  for (const [i, record] of records.entries()) {
    if (record === null) continue;
    numbers.set([record.file, record.row, LIKENESS.indexOf(record.likeness)], i * NUMBERS);
  }
  const file = scratch.create();
  file.append(new Uint8Array(numbers.buffer));
  return file.finish();
}

/** The record before the message of that place in its file, counted from 0. */
export function readEarlier(source: ByteSource, message: number): EarlierRecord | null {
  const bytes = source.read(message * NUMBERS * BYTES, NUMBERS * BYTES).slice();
  const [file = NONE, row = NONE, likeness = NONE] = new Float64Array(bytes.buffer, bytes.byteOffset, NUMBERS);
  return file === NONE ? null : { file, row, likeness: LIKENESS[likeness] as Likeness };
}
