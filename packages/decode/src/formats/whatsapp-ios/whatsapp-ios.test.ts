import { createHash } from 'node:crypto';
import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { databaseOf } from '../ios-backup/testing/make-ios-backup.ts';
import { whatsappIos } from './index.ts';

const AT = 721_692_800.25;
const photo = Buffer.alloc(100, 'photo');
const PHOTO_PATH = 'Media/31655500102@s.whatsapp.net/a/b/photo.jpg';

const database = databaseOf((db) => {
  db.exec(`
    CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZSESSIONTYPE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
    CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZCHATSESSION INTEGER, ZISADMIN INTEGER, ZMEMBERJID VARCHAR, ZCONTACTNAME VARCHAR);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZFILESIZE INTEGER, ZMEDIALOCALPATH VARCHAR, ZVCARDSTRING VARCHAR,
      ZTITLE VARCHAR, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZMETADATA BLOB);
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZGROUPEVENTTYPE INTEGER, ZSTARRED INTEGER,
      ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER, ZMEDIAITEM INTEGER, ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR, ZTOJID VARCHAR,
      ZPUSHNAME VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR);
    CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZRECEIPTINFO BLOB);
    CREATE TABLE ZWAPROFILEPUSHNAME (Z_PK INTEGER PRIMARY KEY, ZPUSHNAME VARCHAR, ZJID VARCHAR);
    INSERT INTO ZWAPROFILEPUSHNAME VALUES (1, 'Bobby', '31655500102@s.whatsapp.net');
    INSERT INTO ZWAMESSAGEINFO VALUES (1, x'00');
    INSERT INTO ZWACHATSESSION VALUES (1, 4, 0, '31655500102@s.whatsapp.net', 'Bob'), (2, 4, 1, '31655500101-1400000000@g.us', 'Team');
    INSERT INTO ZWAGROUPMEMBER VALUES (1, 5, 2, 1, '31655500103@s.whatsapp.net', 'Ann');
    INSERT INTO ZWAMEDIAITEM VALUES (1, 2, 100, '/${PHOTO_PATH}', 'image/jpeg', 'see photo', 0, 0, x'2a08${Buffer.from('STANZA-1').toString('hex')}'),
      (2, 5, 0, NULL, NULL, 'Here', 52.25, 4.5, NULL), (3, 99, 7, 'Media/x/gone.mp4', 'video/mp4', NULL, 0, 0, NULL);
    INSERT INTO ZWAMESSAGE VALUES
      (1, 9, 0, 0, 0, 1, 1, NULL, NULL, ${AT}, NULL, '31655500102@s.whatsapp.net', NULL, 'Bobby', 'STANZA-1', 'Hello'),
      (2, 9, 1, 1, 0, 0, 1, NULL, 1, ${AT}, ${AT}, NULL, '31655500102@s.whatsapp.net', NULL, 'STANZA-2', NULL),
      (3, 9, 0, 0, 0, 0, 2, 1, NULL, ${AT}, NULL, '31655500101-1400000000@g.us', NULL, NULL, 'STANZA-3', 'in the group'),
      (4, 9, 0, 14, 0, 0, 1, NULL, NULL, ${AT}, NULL, '31655500102@s.whatsapp.net', NULL, NULL, 'STANZA-4', NULL),
      (5, 9, 0, 5, 0, 0, 1, NULL, 2, ${AT}, NULL, '31655500102@s.whatsapp.net', NULL, NULL, 'STANZA-5', NULL),
      (6, 9, 0, 6, 2, 0, 2, 1, NULL, ${AT}, NULL, NULL, NULL, NULL, 'STANZA-6', NULL)`);
});

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
