import { ByteReader, CustodyError } from '@custody/bytes';
import type { BatchWriter, Finding } from '@custody/evidence';
import type { ByteSource } from '../../../byte-source.ts';
import type { Unit, UnitResult } from '../../../format.ts';
import { finding } from '../../../make-finding.ts';
import type { Tally } from '../msgstore/item-context.ts';
import { type EarlierRecord, readEarlier, type SetMessage } from './earlier-copies.ts';
import { writeIncrementMessage } from './increment-writer.ts';
import { messageContent } from './message-content.ts';
import { Proto, protoFields } from './proto-fields.ts';

/** `HistorySync` by field number: conversations, and messages of status. Others are counted. */
const CONVERSATIONS = 2;
const STATUSES = 3;
/** `Conversation`: its JID, and its messages, each wrapped once. */
const CHAT = 1;
const MESSAGES = 2;
const MESSAGES_A_UNIT = 3900;
const LONGEST_CHUNK: number = 256 * 1024 * 1024;

/** A stretch of one chunk. */
export interface IncrementUnit {
  readonly from: number;
  readonly length: number;
  readonly skip: number;
  readonly take: number;
  /** Messages in the chunks before. */
  readonly before: number;
}

interface Found {
  readonly bytes: Uint8Array;
  readonly chat: string | null;
}

/** The member `messages.bin` of an incremental backup: `HistorySync` messages, each behind its length. */
export function planIncrement(
  source: ByteSource,
  path: string,
): { readonly units: Unit[]; readonly findings: Finding[] } {
  const units: Unit[] = [];
  const findings: Finding[] = [];
  let [before, others] = [0, 0];
  for (let at = 0; at < source.length; ) {
    const chunk = chunkAt(source, at);
    if (chunk === null) {
      const place = { path, offset: at, length: source.length - at, row: null };
      const detail = 'From here on there is no message of a length that can be read: what follows is not decoded.';
      findings.push(finding('RECORD_MALFORMED', place, { records: null, detail }));
      break;
    }
    const bytes = source.read(chunk.from, chunk.length);
    const fields = protoFields(bytes);
    if (fields === null) {
      const place = { path, offset: chunk.from, length: chunk.length, row: null };
      findings.push(
        finding('RECORD_MALFORMED', place, {
          records: null,
          detail: 'A part of the backup is no message that can be read.',
        }),
      );
    } else {
      others += fields.filter(
        ({ number, value }) => value instanceof Uint8Array && number !== CONVERSATIONS && number !== STATUSES,
      ).length;
      const { found, broken } = messagesOf(bytes);
      if (broken > 0) {
        const place = { path, offset: chunk.from, length: chunk.length, row: null };
        const detail = `${broken} conversations or messages inside are no messages that can be read.`;
        findings.push(finding('RECORD_MALFORMED', place, { records: null, detail }));
      }
      const count = found.length;
      for (let skip = 0; skip < count; skip += MESSAGES_A_UNIT) {
        const take = Math.min(MESSAGES_A_UNIT, count - skip);
        const state: IncrementUnit = { ...chunk, skip, take, before };
        units.push({ index: units.length, records: take, state });
      }
      before += count;
    }
    at = chunk.from + chunk.length;
  }
  if (others > 0) {
    const detail = `${others} parts of the incremental backup that are no conversations (names, settings, calls) are not decoded.`;
    findings.push(finding('NOT_COVERED', path, { records: others, detail }));
  }
  return { units, findings };
}

/** What a set of backups adds to each message: whose it is, and where it stood before. */
export interface IncrementSource {
  readonly source: ByteSource;
  readonly path: string;
  readonly owner?: string | null;
  readonly earlier?: ByteSource;
  /** Paths of the set's files, the whole backup first. */
  readonly paths?: readonly string[];
}

export function decodeIncrement(
  state: IncrementUnit,
  out: BatchWriter,
  { source, path, owner = null, earlier, paths = [] }: IncrementSource,
): UnitResult {
  const { from, length, skip, take, before } = state;
  const chunk = source.read(from, length);
  let absentFiles = 0;
  messagesOf(chunk)
    .found.slice(skip, skip + take)
    .forEach(({ bytes, chat }, i) => {
      const number = before + skip + i;
      const offset = from + bytes.byteOffset - chunk.byteOffset;
      const record = earlier === undefined ? null : readEarlier(earlier, number);
      const place = { path, offset, row: number + 1, owner, earlier: record === null ? null : placed(record, paths) };
      if (writeIncrementMessage(out, bytes, place, chat)) absentFiles++;
    });
  const summary: Tally = { decoded: take, absentFiles, otherFiles: 0, unresolved: 0 };
  return { counts: { records: take, decoded: take, lost: 0, notCovered: 0 }, summary };
}

function placed({ file, row, likeness }: EarlierRecord, paths: readonly string[]): [string, number, string] {
  return [paths[file] ?? '', row, likeness];
}

/** The messages of an incremental backup, in order, as copies in other files are recognised. */
export function* messagesIn(source: ByteSource, units: readonly Unit[]): Generator<SetMessage> {
  for (const unit of units) {
    const { from, length, skip, take } = unit.state as IncrementUnit;
    for (const { bytes, chat } of messagesOf(source.read(from, length)).found.slice(skip, skip + take)) {
      const info = new Proto(bytes);
      const key = info.within(1);
      const { kind, text } = messageContent(info.within(2));
      const compared = kind === 'message' ? text : null;
      yield { chat: key.text(1) ?? chat, fromMe: key.whole(2) === 1, id: key.text(3), text: compared };
    }
  }
}

function chunkAt(source: ByteSource, at: number): { readonly from: number; readonly length: number } | null {
  try {
    const reader = new ByteReader(source.read(at, 10));
    const length = reader.varintNumber();
    const from = at + reader.offset;
    return length > 0 && length <= LONGEST_CHUNK && from + length <= source.length ? { from, length } : null;
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}

/** Every `WebMessageInfo` of a chunk, with the JID of its conversation. */
function messagesOf(chunk: Uint8Array): { readonly found: readonly Found[]; readonly broken: number } {
  const sync = new Proto(chunk);
  const found: Found[] = [];
  let broken = 0;
  for (const conversation of sync.all(CONVERSATIONS)) {
    if (protoFields(conversation) === null) broken++;
    const about = new Proto(conversation);
    const chat = about.text(CHAT);
    for (const wrapped of about.all(MESSAGES)) {
      const bytes = new Proto(wrapped).bytes(1);
      if (bytes === null || protoFields(bytes) === null) broken++;
      else found.push({ bytes, chat });
    }
  }
  for (const bytes of sync.all(STATUSES)) {
    if (protoFields(bytes) === null) broken++;
    else found.push({ bytes, chat: null });
  }
  return { found, broken };
}
