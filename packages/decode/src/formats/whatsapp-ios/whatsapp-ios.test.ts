import { createHash } from 'node:crypto';
import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { sweepDamage } from '../../testing/sweep-damage.ts';
import { databaseOf } from '../ios-backup/testing/make-ios-backup.ts';
import { whatsappIos } from './index.ts';
import { AT, database, PHOTO_PATH, photo } from './testing/make-chat-storage.ts';

describe('ChatStorage.sqlite', () => {
  const source = memorySource(new Uint8Array(database));
  const files = new Map([[`app/Message/${PHOTO_PATH}`, memorySource(new Uint8Array(photo))]]);
  const folder = { names: [...files.keys()], open: (path: string) => files.get(path) ?? null };
  const file = { name: 'app/ChatStorage.sqlite', source, beside: () => null, folder };
  const decoded = decodeAll(whatsappIos, file, { combine: true });
  const text = (item: Item | undefined) => (item?.body == null ? null : new TextDecoder().decode(item.body));
  const byId = async (id: string) => (await decoded).items.find(({ messageId }) => messageId === id);
  const bob = { type: 'phone', value: '+31655500102', display: 'Bob' };
  const team = { type: 'group', value: '31655500101-1400000000@g.us', display: 'Team' };

  it('is recognised, and every row is accounted for', async () => {
    expect(detectFormat(probeOf('any', source))[0]?.format.name).toBe('whatsapp-ios');
    const { counts, findings } = await decoded;
    expect(counts).toEqual({ records: 13, decoded: 13, lost: 0, notCovered: 0 });
    const said = findings
      .filter(({ code }) => code !== 'BYTES_NOT_EXAMINED')
      .map(({ code, records }) => [code, records]);
    expect(said).toEqual([
      ['NOT_COVERED', 1],
      ['REFERENCED_BUT_ABSENT', 1],
      ['REFERENCE_UNRESOLVED', 1],
    ]);
    const context = {
      keyring: { keys: [] },
      scratch: {
        create: () => {
          throw new Error();
        },
        open: () => source,
      },
    };
    expect((await whatsappIos.prepare(file, context)).covers).toEqual([...files.keys()]);
  });

  it('says who wrote what to whom, with files, replies, places and deletions', async () => {
    const hello = await byId('STANZA-1');
    expect(hello).toMatchObject({
      kind: 'message',
      direction: 'incoming',
      sender: bob,
      conversation: '31655500102@s.whatsapp.net',
    });
    expect(hello?.sentAt).toMatchObject({ utc: 1_700_000_000_250, raw: String(AT), clock: 'server' });
    const sent = await byId('STANZA-2');
    expect(text(sent)).toBe('see photo');
    expect(sent).toMatchObject({
      recipients: [bob],
      refs: [{ rel: 'reply-to', id: 'STANZA-1' }],
      direction: 'outgoing',
    });
    const sha256 = createHash('sha256').update(photo).digest('hex');
    expect(sent?.attachments).toEqual([
      { name: `/${PHOTO_PATH}`, mime: 'image/jpeg', size: 100, sha256, present: true },
    ]);
    expect(await byId('STANZA-3')).toMatchObject({
      sender: { type: 'phone', value: '+31655500103' },
      recipients: [team],
    });
    expect(await byId('STANZA-4')).toMatchObject({ kind: 'deletion', refs: [{ rel: 'deletes', id: 'STANZA-4' }] });
    const place = await byId('STANZA-5');
    expect(place).toMatchObject({ kind: 'location' });
    expect(place?.fields?.get('latitude')).toBe(52.25);
    expect(await byId('STANZA-6')).toMatchObject({ direction: 'system', conversation: team.value });
  });
});

it('damaged anywhere ends without a crash, and says what is missing', async () => {
  const bytes = new Uint8Array(database);
  const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => i * 4096);
  const options = {
    name: 'ChatStorage.sqlite',
    keyring: { keys: [] },
    seed: 22,
    borders: [16, 100, ...pages],
    few: 25,
  };
  expect(await sweepDamage(whatsappIos, bytes, options)).toEqual([]);
}, 240_000);

it('reads times that are whole seconds, and cards of contacts', async () => {
  const bytes = databaseOf((db) => {
    db.exec(`CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR);
      INSERT INTO ZWACHATSESSION VALUES (1, '31655500102@s.whatsapp.net');
      CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZVCARDSTRING VARCHAR, ZVCARDNAME VARCHAR);
      INSERT INTO ZWAMEDIAITEM VALUES (7, 1, 'BEGIN:VCARD TEL;type=a/b:+31655500199 END:VCARD', 'Zed');
      CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZCHATSESSION INTEGER, ZMEDIAITEM INTEGER,
        ZMESSAGEDATE TIMESTAMP, ZSTANZAID VARCHAR, ZTEXT VARCHAR);
      INSERT INTO ZWAMESSAGE VALUES (1, 0, 4, 1, 7, 721692800.0, 'S', NULL)`);
  });
  const file = { name: 'ChatStorage.sqlite', source: memorySource(new Uint8Array(bytes)) };
  const [message] = (await decodeAll(whatsappIos, file)).items.filter(({ kind }) => kind === 'message');
  expect(message?.sentAt).toMatchObject({ utc: 1_700_000_000_000, raw: '721692800' });
  expect(new TextDecoder().decode(message?.body ?? undefined)).toContain('+31655500199');
  expect(message?.attachments).toEqual([]);
});
