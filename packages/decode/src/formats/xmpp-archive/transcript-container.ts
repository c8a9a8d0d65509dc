import { sha256Hex } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { ByteCursor } from '../../sql-dump/byte-cursor.ts';
import { type ArchiveRecord, type Container, RecordBuilder } from './container.ts';
import { NS } from './namespaces.ts';
import { countInstant, stampInstant } from './stored-time.ts';
import { type XmlElement, XmlRefused } from './xml-element.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What may stand outside of objects: white space, lists, a byte order mark, the separator of RFC 7464. */
const BETWEEN: ReadonlySet<number> = new Set([...Buffer.from(' \t\r\n[],{\x1e'), 0xef, 0xbb, 0xbf]);
const LONGEST_RECORD = 0xffffffff;

/**
 * Transcripts as JSON: objects with `from`, `to` and the text as `wire`, `body` or `text`, one a line, or in arrays
 * of a document. Every innermost object that names both parties is a record.
 */
export const transcriptContainer: Container = {
  scan(file, progress) {
    const records = new RecordBuilder();
    const cursor = new ByteCursor(file.source);
    const open: { offset: number; inner: boolean }[] = [];
    let quoted = false;
    let lists = 0;
    let stray = -1;
    for (let byte = cursor.peek(); byte >= 0; byte = cursor.peek()) {
      const offset = cursor.at++;
      if (open.length === 0 && stray < 0 && !BETWEEN.has(byte)) stray = offset;
      if (quoted) {
        if (byte === BACKSLASH) cursor.at++;
        else if (byte === QUOTE) quoted = false;
      } else if (byte === QUOTE) quoted = true;
      else if (byte === 0x5b) lists++;
      else if (byte === 0x5d) lists = Math.max(0, lists - 1);
      else if (byte === 0x7b && open.length < 64) {
        for (const outer of open) outer.inner = true;
        open.push({ offset, inner: false });
      } else if (byte === 0x7d) {
        const start = open.pop();
        if (start !== undefined && !start.inner)
          records.add(start.offset, Math.min(cursor.at - start.offset, LONGEST_RECORD), 0);
      }
      if ((offset & 0xfffff) === 0) progress?.(offset);
    }
    const findings: Finding[] = [];
    const tell = (code: Finding['code'], offset: number, detail: string) =>
      findings.push(
        finding(code, { path: file.name, offset, length: null, row: records.count }, { records: null, detail }),
      );
    if (stray >= 0) tell('RECORD_MALFORMED', stray, 'From here on something else than objects stands between them.');
    if (open.length > 0 || lists > 0 || quoted)
      tell('TRUNCATED', open[0]?.offset ?? cursor.length, 'The transcript ends inside an object, a list or a text.');
    return { records: records.list(), contexts: [null], findings };
  },
  read,
};

function read(bytes: Uint8Array): ArchiveRecord {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    throw new XmlRefused('not JSON');
  }
  const record = value as Readonly<Record<string, unknown>>;
  const text = textOf(record.wire) ?? textOf(record.body) ?? textOf(record.text);
  const [from, to] = [textOf(record.from), textOf(record.to)];
  const plain = { owner: null, archiveId: null, stored: null, stanza: null, peer: null, fields: [] };
  if (from === null || to === null || text === null) {
    const names = Object.keys(record).sort().join(', ').slice(0, 120);
    return { ...plain, what: 'other', name: `objects with ${names === '' ? 'nothing' : names}` };
  }
  const time = record.time ?? record.ts ?? record.timestamp;
  const stored =
    typeof time === 'number'
      ? countInstant(String(time), time > 1e11 ? 1000 : 1)
      : textOf(time) === null
        ? null
        : stampInstant(String(time));
  return { ...plain, what: 'message', name: '', stored, stanza: stanzaOf({ from, to, text, id: textOf(record.id) }) };
}

function stanzaOf({ from, to, text, id }: { from: string; to: string; text: string; id: string | null }): XmlElement {
  const body: XmlElement = { name: 'body', ns: NS.client, attributes: new Map(), children: [], text };
  const attributes = new Map([
    ['from', from],
    ['to', to],
    ['type', 'chat'],
  ]);
  attributes.set('id', id ?? sha256Hex(Buffer.from(text)).slice(0, 16));
  return { name: 'message', ns: NS.client, attributes, children: [body], text: '' };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
