import { deflateSync } from 'node:zlib';
import { utf8Decode } from '@custody/bytes';
import { BatchWriter, type Item, LEAF_ITEM, readItem } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import type { CaptureFile, Format } from '../../../format.ts';
import { MemoryScratch } from '../../../testing/memory-scratch.ts';
import { memorySource } from '../../../testing/memory-source.ts';
import { whatsappCrypt15, whatsappMessageStore } from '../index.ts';
import { KEYRING, makeCrypt15, makeDatabase } from '../testing/make-backup.ts';
import {
  ADA,
  chat,
  delimited,
  field,
  GROUP,
  incrementBackup,
  key,
  ME,
  message,
  told,
} from '../testing/make-increment.ts';
import { incrementsOf } from './set-names.ts';

const STORE = makeDatabase(`
  CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
  CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
  CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT,
    sender_jid_row_id INTEGER, timestamp INTEGER, message_type INTEGER, text_data TEXT);
  INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '${ADA}'), (2, '120363000000000042', 'g.us', '${GROUP}'),
    (3, '447700900199', 's.whatsapp.net', '${ME}');
  INSERT INTO chat VALUES (1, 1, NULL), (2, 2, 'Group');
  INSERT INTO message VALUES (1, 1, 0, 'a', 0, 1700000000000, 0, 'plain'), (2, 1, 1, 'b', 0, 1700000001000, 0, 'mine'),
    (3, 2, 1, 'c', 3, 1700000002000, 0, 'to all'), (4, 1, 0, 'old', 0, 1700000003000, 0, 'only here');`);
const FIRST = incrementBackup(
  delimited(
    message(chat(ADA, told({ id: 'a', content: field(1, 'plain') }), told({ id: 'n', content: field(1, 'new') }))),
  ),
);
const SECOND = incrementBackup(
  delimited(
    message(
      chat(
        ADA,
        told({ id: 'a', content: field(1, 'changed') }),
        told({ id: 'b', fromMe: true, content: field(6, field(1, 'mine')) }),
        told({ id: 'x', content: field(12, message(field(1, key('n')), field(2, 0))) }),
        // Another chat's message may have the same id: a broadcast writes one to each.
        told({ id: 'c', fromMe: true, content: field(1, 'to all') }),
      ),
    ),
  ),
);
const NAMES = { first: 'msgstore-increment-1.db.crypt15', second: 'msgstore-increment-2.db.crypt15' };

async function decodeFolder(format: Format, name: string, files: Readonly<Record<string, Uint8Array>>) {
  const open = (path: string) => (files[path] === undefined ? null : memorySource(files[path]));
  const source = open(name);
  if (source === null) throw new Error('no such file');
  const file: CaptureFile = { name, source, folder: { names: Object.keys(files), open } };
  const context = { keyring: KEYRING, scratch: new MemoryScratch() };
  const plan = await format.prepare(file, context);
  const decoder = format.open(structuredClone({ state: plan.state }), file, context);
  const items: Item[] = [];
  const summaries = plan.units.map((unit) => {
    const out = new BatchWriter();
    const { summary } = decoder.decode(structuredClone(unit), out);
    const batch = out.batch();
    for (let leaf = 0; leaf < batch.count; leaf++) {
      if (batch.kinds[leaf] === LEAF_ITEM)
        items.push(structuredClone(readItem(batch.items, batch.rows[leaf] as number)));
    }
    return summary;
  });
  const findings = [...plan.findings, ...(format.finish?.({ state: plan.state }, summaries).findings ?? [])];
  return { plan, items: items.filter(({ kind }) => kind !== 'contact' && kind !== 'note'), findings };
}

const files = (base: string) => ({
  [NAMES.first]: FIRST,
  [NAMES.second]: SECOND,
  [base]: makeCrypt15(new Uint8Array(deflateSync(STORE))),
});

describe('a whole backup with incremental ones', () => {
  it('is one set: each record where it stands, later ones naming the earlier', async () => {
    const { plan, items, findings } = await decodeFolder(
      whatsappCrypt15,
      'msgstore.db.crypt15',
      files('msgstore.db.crypt15'),
    );
    expect(plan.covers).toEqual([NAMES.first, NAMES.second]);
    const base = 'msgstore.db.crypt15!gcm!zlib';
    const seen = items.map(({ messageId, body, locator, fields }) => [
      ...[messageId, body === null ? null : utf8Decode(body), locator.path.split('!')[0], locator.row],
      fields?.get('earlier_record') ?? null,
    ]);
    const [first, second] = [NAMES.first, NAMES.second];
    expect(seen).toEqual([
      ['a', 'plain', 'msgstore.db.crypt15', 1, null],
      ['b', 'mine', 'msgstore.db.crypt15', 2, null],
      ['c', 'to all', 'msgstore.db.crypt15', 3, null],
      ['old', 'only here', 'msgstore.db.crypt15', 4, null],
      ['a', 'plain', first, 1, [base, 1, 'alike']],
      ['n', 'new', first, 2, null],
      ['a', 'changed', second, 1, [`${first}!gcm!zip!messages.bin`, 1, 'other text']],
      ['b', 'mine', second, 2, [base, 2, 'alike']],
      ['x', null, second, 3, null],
      ['c', 'to all', second, 4, null],
    ]);
    expect(items.find(({ kind }) => kind === 'deletion')?.refs).toEqual([{ rel: 'deletes', id: 'n' }]);
    const copies = items.filter(({ refs }) => refs.some(({ rel }) => rel === 'version-of'));
    expect(copies.map(({ messageId }) => messageId)).toEqual(['a', 'a', 'b']);
    // The whole backup names the owner, so the incremental ones have both parties as well.
    expect(items[4]).toMatchObject({ owner: { value: '+447700900199' }, recipients: [{ value: '+447700900199' }] });
    expect(items[7]).toMatchObject({ sender: { value: '+447700900199' }, recipients: [{ value: '+447700900123' }] });
    const codes = findings.map(({ code }) => code);
    expect(codes.filter((code) => code === 'BYTES_NOT_EXAMINED' || code === 'CONFLICTING_COPIES')).toHaveLength(4);
    expect(findings.find(({ code }) => code === 'CONFLICTING_COPIES')).toMatchObject({
      ...{ class: 'doubt', records: 1, related: [{ path: `${second}!gcm!zip!messages.bin`, row: 1 }] },
    });
    expect(codes).not.toContain('REFERENCED_BUT_ABSENT');
    expect(codes).not.toContain('RECORD_MALFORMED');
  });

  it('joins those beside a store in clear, and leaves what does not open to its own plan', async () => {
    const damaged = SECOND.slice();
    damaged[damaged.length - 20] = (damaged[damaged.length - 20] as number) ^ 1;
    const folder = { [NAMES.first]: FIRST, [NAMES.second]: damaged, 'msgstore.db': STORE };
    const { plan, items } = await decodeFolder(whatsappMessageStore, 'msgstore.db', folder);
    expect(plan.covers).toContain(NAMES.first);
    expect(plan.covers).not.toContain(NAMES.second);
    expect(items).toHaveLength(6);
    const own = await decodeFolder(whatsappCrypt15, NAMES.first, { [NAMES.first]: FIRST });
    expect(own.items.map(({ messageId }) => messageId)).toEqual(['a', 'n']);
  });
});

describe('which incremental backups continue which whole one', () => {
  const one = 'msgstore-increment-1.db.crypt15';
  const ten = 'msgstore-increment-10.db.crypt15';
  const two = 'msgstore-increment-2-2026-01-02.1.db.crypt15';
  it.each<[string, string[], string[]]>([
    ['Databases/msgstore.db.crypt15', [ten, one, two].map((name) => `Databases/${name}`), [two, one, ten]],
    ['msgstore.db.crypt14', [one, 'msgstore-2026-01-01.1.db.crypt14'], [one]],
    ['msgstore-2026-01-01.1.db.crypt14', [one, 'msgstore.db.crypt14'], []],
    ['exhibit 7.crypt15', [one, 'wa.db.crypt15', '.DS_Store'], [one]],
    ['exhibit 7.crypt15', [one, 'exhibit 8.crypt15'], []],
    ['msgstore.db', [one, 'msgstore.db.crypt15'], []],
    ['a/msgstore.db.crypt15', [`b/${one}`], []],
  ])('%s', (whole, others, expected) => {
    const folder = whole.slice(0, whole.lastIndexOf('/') + 1);
    expect(incrementsOf(whole, [whole, ...others])).toEqual(expected.map((name) => `${folder}${name}`));
  });
});
