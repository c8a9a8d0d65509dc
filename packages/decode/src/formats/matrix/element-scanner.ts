import type { ByteSource } from '../../byte-source.ts';

const CHUNK = 1024 * 1024;
/** Nesting beyond this is no export of a client. */
const DEEPEST = 512;
/** Names that an event has, as flags. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['type', 1],
  ['content', 2],
  ['sender', 4],
  ['origin_server_ts', 4],
  ['room_id', 4],
]);
const EVENT = 7;
/** What stands below these belongs to the event around it, even where it looks like an event. */
const INNER: ReadonlySet<string> = new Set(['unsigned', 'content', 'm.relations', 'prev_content']);
const LONGEST_NAME = 64;

/** Where the events of a JSON document stand, and whether it is whole. */
export interface ScannedDocument {
  /** Start and end of each event in turn. */
  readonly spans: readonly number[];
  readonly end: 'whole' | 'cut' | 'too-deep' | 'broken';
}

interface Level {
  readonly isObject: boolean;
  readonly start: number;
  readonly isInner: boolean;
  flags: number;
  /** The next string is a name. */
  expectsName: boolean;
  name: string;
}

/**
 * Finds every event in a JSON document of whatever shape: `/messages`, `/sync`, the export of a client, a list. An event is an
 * object with `type`, `content` and a sender, a time or a room. One pass, memory in the number of events.
 */
export function scanDocument(source: ByteSource): ScannedDocument {
  const spans: number[] = [];
  const levels: Level[] = [];
  let inString = false;
  let escaped = false;
  let text: number[] | null = null;
  for (let base = 0; base < source.length; base += CHUNK) {
    const bytes = source.read(base, CHUNK);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
        if (inString && text !== null && text.length < LONGEST_NAME) text.push(byte);
        continue;
      }
      if (byte === 0x22) {
        inString = true;
        text = levels.at(-1)?.expectsName === true ? [] : null;
      } else if (byte === 0x3a) closeName(levels.at(-1), text);
      else if (byte === 0x2c) expectName(levels.at(-1));
      else if (byte === 0x7b || byte === 0x5b) {
        if (levels.length >= DEEPEST) return { spans, end: 'too-deep' };
        levels.push(openLevel(levels.at(-1), byte === 0x7b, base + i));
      } else if (byte === 0x7d || byte === 0x5d) {
        const level = levels.pop();
        if (level === undefined || level.isObject !== (byte === 0x7d)) return { spans, end: 'broken' };
        if (level.isObject && level.flags === EVENT && !level.isInner) spans.push(level.start, base + i + 1);
      }
    }
  }
  return { spans, end: levels.length === 0 && !inString ? 'whole' : 'cut' };
}

function openLevel(parent: Level | undefined, isObject: boolean, start: number): Level {
  const isInner = parent !== undefined && (parent.isInner || (parent.isObject && INNER.has(parent.name)));
  return { isObject, start, isInner, flags: 0, expectsName: isObject, name: '' };
}

function expectName(level: Level | undefined): void {
  if (level?.isObject === true) level.expectsName = true;
}

function closeName(level: Level | undefined, text: readonly number[] | null): void {
  if (level === undefined || !level.isObject || text === null) return;
  level.name = String.fromCharCode(...text);
  level.expectsName = false;
  level.flags |= NAMES.get(level.name) ?? 0;
}
