import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { ByteCursor } from '../../sql-dump/byte-cursor.ts';
import { type ArchiveRecord, type Container, RecordBuilder } from './container.ts';
import { bareJid } from './jid.ts';
import { type LuaTable, type LuaValue, readLuaTable } from './lua-table.ts';
import { NS } from './namespaces.ts';
import { countInstant } from './stored-time.ts';
import { MOST_ATTRIBUTES, type XmlElement, XmlRefused } from './xml-element.ts';

interface StoreContext {
  readonly owner: string | null;
  readonly store: string;
}

const ITEM = 'item(';

/** Prosody's internal storage: `HOST/archive/USER.list`, one `item({ … });` behind the other. */
export const prosodyContainer: Container = {
  scan({ name, source }, progress) {
    const records = new RecordBuilder();
    const findings: Finding[] = [];
    const cursor = new ByteCursor(source);
    while (cursor.peek() >= 0) {
      const offset = cursor.at;
      if (!cursor.line(ITEM.length).startsWith(ITEM)) {
        cursor.skipLine();
        continue;
      }
      if (!skipItem(cursor)) {
        const place = { path: name, offset, length: source.length - offset, row: records.count };
        findings.push(finding('TRUNCATED', place, { records: null, detail: 'The file ends inside an item.' }));
        break;
      }
      records.add(offset + ITEM.length, Math.min(cursor.at - offset - ITEM.length - 1, 0xffffffff), 0);
      progress?.(cursor.at);
    }
    return { records: records.list(), contexts: [contextOf(name)], findings };
  },
  read(bytes, context) {
    const { owner, store } = context as StoreContext;
    // One character a byte: escapes by number are bytes too.
    const item = readLuaTable(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
    const when = item.named.get('when');
    const peer = textOf(item.named.get('with'));
    const stanza = elementOf(item, 0, NS.client);
    const record: ArchiveRecord = {
      what: stanza.name === 'message' ? 'message' : 'other',
      owner,
      archiveId: textOf(item.named.get('key')),
      stored: typeof when === 'number' ? countInstant(String(when), 1) : null,
      stanza,
      peer: peer?.includes('@') === true && !store.startsWith('muc') ? peer : null,
      name: `${stanza.name} stanzas`,
      fields: [['store', store]],
    };
    return record;
  },
};

/** Owner and store stand in the path only, which names them percent-encoded. */
function contextOf(name: string): StoreContext {
  const found = /(?:^|\/)([^/]+)\/([^/]+)\/([^/]+)\.list$/.exec(name);
  const plain = (text: string | undefined) =>
    (text ?? '').replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (found === null) return { owner: null, store: 'unknown' };
  return { owner: bareJid(`${plain(found[3])}@${plain(found[1])}`), store: plain(found[2]) };
}

/** Moves behind the closing parenthesis of an item; false at the end of the file. */
function skipItem(cursor: ByteCursor): boolean {
  let depth = 0;
  let quoted = 0;
  for (let byte = cursor.peek(); byte >= 0; byte = cursor.peek()) {
    cursor.at++;
    if (quoted !== 0) {
      if (byte === 0x5c) cursor.at++;
      else if (byte === quoted) quoted = 0;
    } else if (byte === 0x22 || byte === 0x27) quoted = byte;
    else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) return true;
  }
  return false;
}

/** A stanza as Prosody keeps it: name, attr, and children or text in order. */
function elementOf(table: LuaTable, depth: number, inherited: string): XmlElement {
  if (depth > 64) throw new XmlRefused('elements nest deeper than 64');
  const name = textOf(table.named.get('name'));
  if (name === null) throw new XmlRefused('an item that is no stanza');
  const attributes = new Map<string, string>();
  const given = table.named.get('attr');
  if (isTable(given)) {
    if (given.named.size > MOST_ATTRIBUTES)
      throw new XmlRefused(`an element has more than ${MOST_ATTRIBUTES} attributes`);
    for (const [key, value] of given.named) attributes.set(key.replace('\x01', ' '), textOf(value) ?? String(value));
  }
  const ns = attributes.get('xmlns') ?? inherited;
  attributes.delete('xmlns');
  const children: XmlElement[] = [];
  let text = '';
  for (const one of table.list) {
    if (isTable(one)) children.push(elementOf(one, depth + 1, ns));
    else text += textOf(one) ?? '';
  }
  return { name, ns, attributes, children, text };
}

function isTable(value: LuaValue | undefined): value is LuaTable {
  return typeof value === 'object' && value !== null;
}

/** Text of bytes read one character each. */
function textOf(value: LuaValue | undefined): string | null {
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : null;
}
