import { concatBytes, sha256, sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCapture } from '../../../testing/decode-capture.ts';
import { whatsappCrypt15 } from '../index.ts';
import { KEYRING } from '../testing/make-backup.ts';
import { ADA, chat, delimited, field, GROUP, incrementBackup, key, message, told } from '../testing/make-increment.ts';
import { seriesFindings } from './increment-series.ts';

const PICTURE = sha256(utf8Encode('picture'));
const MESSAGES = [
  told({ id: 'a', content: field(1, 'plain') }),
  told({
    id: 'b',
    fromMe: true,
    content: field(6, message(field(1, 'a reply'), field(17, message(field(1, 'a'), field(15, ADA))))),
  }),
  told({
    id: 'c',
    content: field(
      37,
      field(1, field(3, message(field(2, 'image/jpeg'), field(3, 'look'), field(4, PICTURE), field(5, 7)))),
    ),
  }),
  told({ id: 'd', content: field(12, message(field(1, key('a')), field(2, 0))) }),
  told({ id: 'e', content: field(12, message(field(1, key('a')), field(2, 14), field(14, field(1, 'changed')))) }),
  told({ id: 'f', content: field(46, message(field(1, key('b')), field(2, '👍'))) }),
  told({
    id: 'g',
    content: field(49, message(field(2, 'When?'), field(3, field(1, 'now')), field(3, field(1, 'later')))),
  }),
  told({ id: 'h', content: field(99, 'newer than this build') }),
];
const GROUPED = [
  told({ id: 'i', chat: GROUP, by: ADA, content: field(1, 'to all') }),
  message(field(1, key('j', { chat: GROUP })), field(3, 1_700_000_001), field(24, 27), field(26, ADA)),
];

const decode = (bytes: Uint8Array) =>
  decodeCapture(whatsappCrypt15, bytes, { name: 'msgstore-increment-1.db.crypt15', keyring: KEYRING });
const whole = () =>
  concatBytes([
    delimited(message(field(1, 3), chat(ADA, ...MESSAGES))),
    delimited(message(chat(GROUP, ...GROUPED), field(7, 'a name'))),
  ]);

describe('an incremental backup', () => {
  it('gives its messages', async () => {
    const { items, counts, findings } = await decode(incrementBackup(whole()));
    const byId = (id: string) => items.find(({ messageId }) => messageId === id) as Item;
    const text = (id: string) => (byId(id).body === null ? null : utf8Decode(byId(id).body as Uint8Array));
    expect(items.map(({ kind }) => kind)).toEqual([
      'message',
      'message',
      'message',
      'deletion',
      'edit',
      'reaction',
      'message',
      'message',
      'message',
      'note',
    ]);
    expect(counts).toEqual({ records: 10, decoded: 10, lost: 0, notCovered: 0 });
    expect(byId('a')).toMatchObject({
      ...{
        direction: 'incoming',
        conversation: ADA,
        sender: { type: 'phone', value: '+447700900123', display: 'Ada' },
      },
      sentAt: { utc: 1_700_000_000_000, precision: 's', clock: 'server' },
      locator: { path: 'msgstore-increment-1.db.crypt15!gcm!zip!messages.bin', row: 1 },
    });
    expect(byId('b')).toMatchObject({ direction: 'outgoing', refs: [{ rel: 'reply-to', id: 'a' }] });
    expect(byId('b').fields?.get('mentions')).toEqual([ADA]);
    expect(byId('c').attachments).toEqual([
      { name: null, mime: 'image/jpeg', size: 7, sha256: sha256Hex(utf8Encode('picture')), present: false },
    ]);
    expect([text('c'), byId('c').fields?.get('view_once')]).toEqual(['look', true]);
    expect([byId('d').refs, byId('e').refs, byId('f').refs]).toEqual([
      [{ rel: 'deletes', id: 'a' }],
      [{ rel: 'edits', id: 'a' }],
      [{ rel: 'reacts-to', id: 'b' }],
    ]);
    expect([text('e'), text('f'), text('g')]).toEqual(['changed', '👍', 'When?\nnow\nlater']);
    expect(byId('h').fields?.get('content_fields')).toEqual([99]);
    expect(byId('i')).toMatchObject({
      conversation: GROUP,
      sender: { value: '+447700900123' },
      recipients: [{ type: 'group' }],
    });
    expect(byId('j')).toMatchObject({ direction: 'system' });
    expect(findings.map(({ code }) => code)).toEqual([
      ...['REFERENCED_BUT_ABSENT', 'BYTES_NOT_EXAMINED', 'NOT_COVERED', 'REFERENCED_BUT_ABSENT'],
    ]);
  });

  it('says where the whole one, or one before it, is not in the capture', () => {
    const told = (name: string, ...names: string[]) =>
      seriesFindings(name, { names: [name, ...names], open: () => null }).map(({ code }) => code);
    const third = 'Backups/msgstore-increment-3-2026-01-02.1.db.crypt15';
    expect(told(third)).toEqual(['REFERENCED_BUT_ABSENT', 'SEQUENCE_GAP']);
    expect(told(third, 'msgstore-2026-01-01.1.db.crypt15', 'msgstore-increment-1.db.crypt15')).toEqual([
      'SEQUENCE_GAP',
    ]);
    const before = ['msgstore-increment-1.db.crypt15', 'msgstore-increment-2.db.crypt15'];
    expect(told(third, 'Databases/msgstore.db.crypt15', ...before)).toEqual([]);
    expect(seriesFindings('renamed.crypt15', null).map(({ code }) => code)).toEqual(['REFERENCED_BUT_ABSENT']);
  });

  it('cuts long parts into units, in order', async () => {
    const many = Array.from({ length: 8000 }, (_, i) => told({ id: `m${i}`, content: field(1, 'x') }));
    const { plan, items } = await decode(incrementBackup(delimited(message(chat(ADA, ...many)))));
    expect(plan.units.map(({ records }) => records)).toEqual([3900, 3900, 200]);
    expect(items.map(({ messageId }) => messageId)).toEqual(many.map((_, i) => `m${i}`));
    expect(items.at(-1)?.locator.row).toBe(8000);
  });

  it('says where what follows cannot be read', async () => {
    const { items, findings } = await decode(
      incrementBackup(concatBytes([whole(), Uint8Array.of(0xff, 0xff, 0x7f, 1)])),
    );
    expect(items).toHaveLength(10);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'RECORD_MALFORMED', class: 'lost', records: null }),
    );
  });

  it('survives any bytes under a right tag', async () => {
    const good = whole();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const bytes = good.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          const { items, counts } = await decode(incrementBackup(bytes));
          expect(items).toHaveLength(counts.decoded);
        },
      ),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 5000 : 100 },
    );
  });
});
