import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Finding, Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { CaptureFile, Format } from '../../format.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { detectFormat, formatByName, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { plainDatabase } from '../sqlcipher/testing/write-cipher.ts';
import { signalDesktop } from './index.ts';
import { KEY, makeDesktop, old, photo, sha256 } from './testing/make-desktop.ts';

const HEX: SuppliedKey = { for: 'signal-desktop', bytes: new Uint8Array(KEY), source: 'keyring.json' };

function captureOf(name: string, bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array> = new Map()): CaptureFile {
  const open = (path: string) => {
    const found = files.get(path);
    return found === undefined ? null : memorySource(new Uint8Array(found));
  };
  return {
    name,
    source: memorySource(new Uint8Array(bytes)),
    beside: () => null,
    folder: { names: [...files.keys(), name], open },
  };
}

function decode(
  file: CaptureFile,
  keys: readonly SuppliedKey[] = [HEX],
  format: Format = signalDesktop,
): Promise<Decoded> {
  return decodeAll(format, file, { keys, combine: true });
}

const said = (items: readonly Item[]) =>
  items.map(({ body }) => (body === null ? null : new TextDecoder().decode(body)));
const codes = (findings: readonly Finding[]) =>
  findings.map((one) => one.code).filter((code) => code !== 'BYTES_NOT_EXAMINED' && code !== 'NOT_COVERED');
const own = { type: 'phone', value: '+31655500101', display: 'Own Name' };
const ann = { type: 'phone', value: '+31655500102', display: 'Ann' };

describe.each(['columns', 'json'] as const)('a database whose values stand in %s', (schema) => {
  const { database, plain, files } = makeDesktop(schema);
  const file = captureOf('sql/db.sqlite', database, files);

  it('says who wrote what to whom, what was edited, quoted, deleted and reacted to', async () => {
    const { items, counts, findings } = await decode(file);
    const messages = items.filter(({ kind }) => kind === 'message');
    expect(said(messages)).toEqual(['Helo', 'Look', 'in the group']);
    expect(messages[0]).toMatchObject({
      sender: ann,
      recipients: [own],
      conversation: '+31655500102',
      direction: 'incoming',
    });
    expect(messages[0]).toMatchObject({
      messageId: '1700000000000',
      owner: own,
      authentication: { result: 'verified' },
    });
    expect(messages[1]).toMatchObject({
      sender: own,
      recipients: [ann],
      refs: [{ rel: 'reply-to', id: '1700000000000' }],
    });
    expect(messages[2]).toMatchObject({
      sender: ann,
      conversation: 'g==',
      recipients: [{ type: 'signal-group', value: 'g==' }],
    });
    const [edit] = items.filter(({ kind }) => kind === 'edit');
    expect(edit).toMatchObject({ messageId: '1700000000900', refs: [{ rel: 'edits', id: '1700000000000' }] });
    expect(said(edit === undefined ? [] : [edit])).toEqual(['Hello']);
    expect(items.find(({ kind }) => kind === 'deletion')?.refs).toEqual([{ rel: 'deletes', id: '1700000003000' }]);
    const reactions = items.filter(({ kind }) => kind === 'reaction');
    expect(said(reactions)).toEqual(schema === 'columns' ? ['👍', '😀'] : ['👍']);
    expect(reactions[0]).toMatchObject({ sender: ann, refs: [{ rel: 'reacts-to', id: '1700000001000' }] });
    expect(items.filter(({ kind }) => kind === 'membership').map(({ sender }) => sender)).toEqual([own, ann]);
    expect(items.filter(({ kind }) => kind === 'account')).toHaveLength(1);
    expect(counts.records).toBe(schema === 'columns' ? 15 : 8);
    expect(findings.filter(({ code }) => code === 'NOT_COVERED').map(({ records }) => records)).toEqual([1, 1]);
    if (schema === 'json') return;
    expect(items.find(({ kind }) => kind === 'call')).toMatchObject({ sender: ann, direction: 'incoming' });
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT', 'REFERENCE_UNRESOLVED']);
  });

  it('opens attachments, and says which are not there or not whole', async () => {
    const [first] = (await decode(file)).items.filter(({ attachments }) => attachments.length > 0);
    expect(first?.attachments).toEqual([
      { name: 'photo.jpg', mime: 'image/jpeg', size: photo.length, sha256: sha256(photo), present: true },
      { name: 'old.txt', mime: 'text/plain', size: old.length, sha256: sha256(old), present: true },
      { name: 'ef/gone', mime: 'image/png', size: 10, sha256: null, present: false },
    ]);
    const sealed = Buffer.from(files.get('attachments.noindex/ab/abcd') as Buffer);
    sealed[100]! ^= 1;
    const changed = new Map([...files, ['attachments.noindex/ab/abcd', sealed]]);
    const damaged = await decode(captureOf('sql/db.sqlite', database, changed));
    expect(codes(damaged.findings)).toContain('UNIT_UNVERIFIED');
    expect(damaged.items.flatMap(({ attachments }) => attachments)[0]).toMatchObject({ present: false, sha256: null });
  });

  it('takes the key from config.json beside it, and accounts for the files it names', async () => {
    expect((await decode(file, [])).counts.records).toBeGreaterThan(7);
    const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
    const { covers } = await signalDesktop.prepare(file, context);
    expect([...(covers ?? [])].sort()).toEqual([...files.keys()].sort());
    const wrapped = new Map([['config.json', Buffer.from('{"encryptedKey":"7631"}')]]);
    const without = await signalDesktop.prepare(captureOf('sql/db.sqlite', database, wrapped), context);
    expect(codes(without.findings)).toEqual(['KEY_MISSING', 'KEY_MISSING']);
    expect(without.findings[1]?.detail).toContain('Signal Safe Storage');
    expect(signalDesktop.finish?.(without, [])).toEqual({ findings: [] });
  });

  it.each([
    ['macOS', 1003, 'password of the key store'],
    ['Linux', 1, 'password of the key store'],
    ['Linux without a key store', 1, null],
  ])('opens a key that safeStorage wrapped: %s', async (_, rounds, password) => {
    const cipher = createCipheriv(
      'aes-128-cbc',
      pbkdf2Sync(password ?? 'peanuts', 'saltysalt', rounds, 16, 'sha1'),
      Buffer.alloc(16, ' '),
    );
    const encryptedKey = Buffer.concat([
      Buffer.from('v10'),
      cipher.update(KEY.toString('hex')),
      cipher.final(),
    ]).toString('hex');
    const config = Buffer.from(JSON.stringify({ encryptedKey, safeStorageBackend: 'x' }));
    const wrapped = captureOf('sql/db.sqlite', database, new Map(files).set('config.json', config));
    const supplied: SuppliedKey[] =
      password === null ? [] : [{ for: 'signal-desktop', passphrase: password, source: 'k' }];
    expect((await decode(wrapped, supplied)).items.length).toBeGreaterThan(10);
    const file: SuppliedKey = {
      for: 'signal-desktop',
      bytes: config,
      source: 'k',
      ...(password === null ? {} : { passphrase: password }),
    };
    expect((await decode(captureOf('db.sqlite', database), [file])).items.length).toBeGreaterThan(10);
  });

  it('opens a key that was wrapped on Windows with the key that DPAPI guards, and says what is needed without', async () => {
    const [guarded, nonce] = [Buffer.alloc(32, 9), Buffer.alloc(12, 4)];
    const cipher = createCipheriv('aes-256-gcm', guarded, nonce);
    const body = Buffer.concat([cipher.update(KEY.toString('hex')), cipher.final()]);
    const encryptedKey = Buffer.concat([Buffer.from('v10'), nonce, body, cipher.getAuthTag()]).toString('hex');
    const config = Buffer.from(JSON.stringify({ encryptedKey }));
    const wrapped = captureOf('sql/db.sqlite', database, new Map(files).set('config.json', config));
    const hex = (bytes: Buffer): SuppliedKey => ({ for: 'signal-desktop', bytes: new Uint8Array(bytes), source: 'k' });
    for (const key of [guarded, KEY]) expect((await decode(wrapped, [hex(key)])).items.length).toBeGreaterThan(10);
    const wrong = await decode(wrapped, [hex(Buffer.alloc(32, 8))]);
    expect(codes(wrong.findings)).toEqual(['KEY_NOT_VERIFIED', 'KEY_MISSING']);
    const without = await decode(wrapped, []);
    expect(codes(without.findings)).toEqual(['KEY_MISSING', 'KEY_MISSING']);
    expect(without.findings[1]?.detail).toMatch(/wrapped on Windows.*"Local State"/);
    expect(without.items).toEqual([]);
  });

  it('is decoded in clear, too, and under any name', async () => {
    const clear = captureOf('sql/db.sqlite', plain, files);
    expect(detectFormat(probeOf('any', clear.source))[0]?.format.name).toBe(
      schema === 'columns' ? 'signal-desktop' : 'signal-desktop',
    );
    const { items } = await decode(clear);
    expect(new Set(items.map(({ authentication }) => authentication?.result))).toEqual(new Set(['none']));
    const other = await decode(captureOf('copy.sqlite', database), [HEX], formatByName('sqlcipher'));
    expect(other.items).toHaveLength(items.length);
    expect(other.items.map(({ kind }) => kind)).toEqual(items.map(({ kind }) => kind));
  });
});

it('reads config.json as a key file', () => {
  const read = (text: string) => readKeyFiles([{ name: 'config.json', bytes: Buffer.from(text) }], () => null);
  expect(read(JSON.stringify({ key: KEY.toString('hex'), mediaPermissions: true })).keys).toEqual([
    { for: 'signal-desktop', bytes: new Uint8Array(KEY), source: 'config.json' },
  ]);
  expect(() => read('{"encryptedKey": "7631aa"}')).toThrow(/unwrapped key/);
});

describeWithShared('samples of Signal Desktop', (shared) => {
  const folder = `${shared}/samples/sqlcipher/signal-desktop-synthetic`;
  const config = new Map([['config.json', readFileSync(`${folder}/config.json`)]]);

  it('489 messages and one conversation; a bad page 6 costs that page', async () => {
    const whole = await decode(captureOf('sql/db.sqlite', readFileSync(`${folder}/sql/db.sqlite`), config), []);
    expect(whole.items.filter(({ kind }) => kind === 'message')).toHaveLength(489);
    expect(whole.items.filter(({ kind }) => kind === 'contact')).toHaveLength(1);
    expect(codes(whole.findings)).toEqual([]);
    const damaged = await decode(captureOf('db.sqlite', readFileSync(`${folder}/damaged-page6.sqlite`), config), []);
    expect(damaged.items.filter(({ kind }) => kind === 'message')).toHaveLength(458);
    expect(codes(damaged.findings)).toEqual(['KEY_PROVEN_THEN_DAMAGE', 'PAGE_DAMAGED']);
    expect(damaged.findings[1]?.detail).toContain('Table messages, page 6');
  });
});

it('without the page that names its tables shows messages and conversations, and withholds all else', async () => {
  const { database } = makeDesktop('columns');
  database[2000]! ^= 1;
  const { items, findings } = await decode(captureOf('db.sqlite', database));
  const texts = items.map(({ body }) => Buffer.from(body ?? []).toString()).join('\n');
  expect(new Set(items.map(({ kind, platform }) => `${kind} ${platform}`))).toEqual(new Set(['note signal']));
  for (const said of ['Hello', 'Look', 'in the group']) expect(texts).toContain(said);
  for (const kept of ['secret', '1111-111111111111.1', 'localKey']) expect(texts).not.toContain(kept);
  expect(codes(findings).slice(0, 2)).toEqual(['KEY_PROVEN_THEN_DAMAGE', 'PAGE_DAMAGED']);
  expect(findings.filter(({ code }) => code === 'NOT_COVERED').length).toBeGreaterThan(2);
});

it('reads databases of 2018, whose columns of type STRING turned numbers of people into integers', async () => {
  const plain = plainDatabase(
    (db) => {
      db.exec(
        'CREATE TABLE items (id STRING PRIMARY KEY, json TEXT); CREATE TABLE conversations (id STRING, json TEXT, type STRING)',
      );
      db.exec(
        'CREATE TABLE messages (id STRING, json TEXT, type STRING, source STRING, conversationId STRING, received_at INTEGER)',
      );
      const put = (table: string, json: Record<string, unknown>, columns: readonly string[]) => {
        const names = ['id', 'json', ...columns];
        const values = [json.id as string, JSON.stringify(json), ...columns.map((name) => json[name] as string)];
        db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')})`).run(...values);
      };
      put('items', { id: 'number_id', value: '+31655500101.1' }, []);
      put('conversations', { id: '+31655500102', name: 'Ann', type: 'private' }, ['type']);
      const contact = [{ number: [{ value: '+31655500199' }] }];
      const row = {
        id: 'm',
        type: 'incoming',
        source: '+31655500102',
        conversationId: '+31655500102',
        sent_at: 1,
        contact,
      };
      put('messages', { ...row, body: 'one', received_at: 1_500_000_000_000 }, [
        'type',
        'source',
        'conversationId',
        'received_at',
      ]);
    },
    { pageSize: 4096, reserve: 0 },
  );
  const { items } = await decode(captureOf('db.sqlite', plain), []);
  const [message] = items.filter(({ kind }) => kind === 'message');
  expect(message).toMatchObject({ sender: ann, conversation: ann.value, recipients: [{ value: '+31655500101' }] });
  expect(message?.times?.get('received')?.utc).toBe(1_500_000_000_000);
  expect(message?.fields?.get('contact')).toBe('[{"number":[{"value":"+31655500199"}]}]');
});
