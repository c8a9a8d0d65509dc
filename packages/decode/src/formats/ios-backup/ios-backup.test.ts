import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { CaptureFile } from '../../format.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { makeMessages, photo } from '../imessage/testing/make-messages.ts';
import { photo as chatPhoto, database as chatStorage, PHOTO_PATH } from '../whatsapp-ios/testing/make-chat-storage.ts';
import { iosBackup } from './index.ts';
import { type BackupOptions, makeIosBackup, PASSWORD, sha1 } from './testing/make-ios-backup.ts';

const NOTE = { domain: 'CameraRollDomain', path: 'Media/note.txt', content: Buffer.from('sixteen bytes!!!') };
const PHOTO_AT = { domain: 'MediaDomain', path: 'Library/SMS/Attachments/ab/11/A-1/photo.jpg', content: photo };
const SMS = { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: makeMessages() };
const FILES = [NOTE, PHOTO_AT, SMS];
const password = (passphrase: string): SuppliedKey => ({ for: 'ios-backup', passphrase, source: 'keyring.json' });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function captureOf(files: ReadonlyMap<string, Uint8Array>): CaptureFile {
  const open = (path: string) => {
    const found = files.get(path);
    return found === undefined ? null : memorySource(new Uint8Array(found));
  };
  const source = open('Manifest.plist') ?? memorySource(new Uint8Array(0));
  return { name: 'Manifest.plist', source, beside: open, folder: { names: [...files.keys()], open } };
}

async function planOf(files: ReadonlyMap<string, Uint8Array>, ...keys: readonly SuppliedKey[]) {
  const plan = await iosBackup.prepare(captureOf(files), { keyring: { keys }, scratch: new MemoryScratch() });
  // A case finishes plans without units, too.
  if (plan.units.length === 0) expect(iosBackup.finish?.(plan, [])).toEqual({ findings: [] });
  return plan;
}

function decode(files: ReadonlyMap<string, Uint8Array>): Promise<Decoded> {
  return decodeAll(iosBackup, captureOf(files), { keys: [password(PASSWORD)], combine: true });
}

const codes = (findings: readonly Finding[]) =>
  findings.map((one) => one.code).filter((code) => code !== 'NOT_COVERED' && code !== 'BYTES_NOT_EXAMINED');

const kinds: [string, BackupOptions][] = [
  ['encrypted, two rounds of PBKDF2', { encrypted: true, twoRounds: true }],
  ['encrypted, one round', { encrypted: true }],
  ['encrypted, class and key told apart', { encrypted: true, twoRounds: true, verbose: true }],
  ['encrypted, Manifest.mbdb', { encrypted: true, list: 'mbdb' }],
  ['not encrypted', { encrypted: false }],
  ['not encrypted, Manifest.mbdb', { encrypted: false, list: 'mbdb' }],
];

describe.each(kinds)('a backup, %s', (_, options) => {
  const folder = makeIosBackup(FILES, options);
  const rows = options.list === 'mbdb' ? 3 : 4;

  it('gives every file with its hash, and the messages in it with their attachments', async () => {
    const file = captureOf(folder);
    expect(detectFormat(probeOf('Manifest.plist', file.source))[0]?.format.name).toBe('ios-backup');
    const { items, counts, findings } = await decode(folder);
    expect(counts).toEqual({ records: rows + 27, decoded: rows + 27, lost: 0, notCovered: 0 });
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT', 'REFERENCE_UNRESOLVED']);
    const listed = items.filter(({ platform }) => platform === 'ios').flatMap(({ attachments }) => attachments);
    const wanted = FILES.map(({ domain, path, content }) => ({
      ...{ name: `${domain}/${path}`, mime: null, size: content.length },
      ...{ sha256: sha256(content), present: true },
    }));
    expect(listed).toHaveLength(3);
    for (const one of wanted) expect(listed).toContainEqual(one);
    const hello = items.find(({ messageId }) => messageId === 'G-1');
    expect(hello?.attachments[0]).toMatchObject({ name: 'photo.jpg', present: true, sha256: sha256(photo) });
    expect(hello?.authentication).toMatchObject({ result: 'none' });
    if (options.encrypted) expect(hello?.authentication?.proves).toMatch(/^Not authenticated/);
    const { covers } = await planOf(folder, password(PASSWORD));
    expect([...(covers ?? [])].sort()).toEqual([...folder.keys()].filter((name) => name !== 'Manifest.plist').sort());
  });

  it('says what is missing, changed, or in no list', async () => {
    const id = sha1(`${NOTE.domain}-${NOTE.path}`);
    const at = options.list === 'mbdb' ? id : `${id.slice(0, 2)}/${id}`;
    const without = new Map(folder);
    without.delete(at);
    // Two that messages name, and the one of the list: a backup that lacks it is not whole.
    const absent = (await decode(without)).findings.filter(({ code }) => code === 'REFERENCED_BUT_ABSENT');
    expect(absent.map(({ records, class: of }) => [records, of])).toEqual([
      [2, 'note'],
      [1, 'doubt'],
    ]);
    const cut = new Map(folder).set(at, (folder.get(at) as Buffer).subarray(0, 9));
    expect(codes((await decode(cut)).findings)).toContain('UNIT_UNVERIFIED');
    const more = new Map(folder).set('ff/'.concat('f'.repeat(40)), Buffer.from('who knows'));
    const { findings } = await decode(more);
    expect(findings.some(({ detail }) => detail.includes('named by no entry'))).toBe(true);
  });
});

describe('keys and lists', () => {
  const folder = makeIosBackup(FILES, { encrypted: true, twoRounds: true });

  it('tells a wrong password from none, from too many, and from damage', async () => {
    expect(codes((await planOf(folder, password('other'))).findings)).toEqual(['KEY_NOT_VERIFIED']);
    const none = await planOf(folder);
    expect(codes(none.findings)).toEqual(['KEY_MISSING']);
    expect(none.findings[1]?.detail).toContain('3 encrypted files');
    expect(none.covers).toHaveLength(4);
    const many = Array.from({ length: 17 }, (_, i) => password(`p${i}`));
    expect(codes((await planOf(folder, ...many)).findings)).toEqual(['LIMIT_EXCEEDED']);
    const manifest = Buffer.from(folder.get('Manifest.db') as Buffer);
    manifest[3]! ^= 1;
    const damaged = await planOf(new Map(folder).set('Manifest.db', manifest), password(PASSWORD));
    expect(codes(damaged.findings)).toEqual(['KEY_PROVEN_THEN_DAMAGE']);
    const lost = new Map(folder);
    lost.delete('Manifest.db');
    expect((await planOf(lost, password(PASSWORD))).findings[0]?.detail).toContain('Manifest.db is not beside');
  });

  it('changed or cut anywhere in its lists and databases, decodes what is left and says so', async () => {
    const random = new Random(11);
    const isLong = process.env.CUSTODY_LONG === '1';
    const sms = [...folder.keys()].find((name) => name.endsWith(sha1('HomeDomain-Library/SMS/sms.db'))) as string;
    for (let i = 0; i < (isLong ? 700 : 24); i++) {
      const name = random.pick(['Manifest.plist', 'Manifest.db', sms]);
      const bytes = Buffer.from(folder.get(name) as Buffer);
      const at = random.below(bytes.length);
      const isCut = i % 3 === 0;
      if (!isCut) bytes[at]! ^= 1 << random.below(8);
      const damaged = new Map(folder).set(name, isCut ? bytes.subarray(0, at) : bytes);
      const plan = await planOf(damaged, password(PASSWORD));
      if (plan.units.length === 0) {
        expect(plan.findings.some((one) => one.class === 'lost')).toBe(true);
        continue;
      }
      const { items, counts } = await decode(damaged);
      expect(items.length).toBeLessThanOrEqual(40);
      expect(items.every(({ authentication }) => authentication?.result === 'none')).toBe(true);
      expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0));
    }
  }, 300_000);
});

describeWithShared('samples of iOS backups', (shared) => {
  it('one file, "Test data", under ten million rounds of PBKDF2', async () => {
    const folder = join(shared, 'samples/ios/ios10.2plus-pw-0000');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
    const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
    const { items, counts } = await decodeAll(iosBackup, captureOf(files), { keys: [password('0000')] });
    expect(counts).toEqual({ records: 1, decoded: 1, lost: 0, notCovered: 0 });
    expect(items[0]?.attachments).toEqual([
      {
        name: 'MyTestDomain/Media/Test.txt',
        mime: null,
        size: 9,
        sha256: sha256(Buffer.from('Test data')),
        present: true,
      },
    ]);
  }, 60_000);
});

const GROUP = 'AppDomainGroup-group.net.whatsapp';
it.each([
  [`${GROUP}.WhatsApp.shared`, '', 'Message/'],
  [`${GROUP}.WhatsAppSMB.shared`, '', 'Message/'],
  ['AppDomain-net.whatsapp.WhatsApp', 'Documents/', 'Library/'],
])('WhatsApp in %s is decoded, with the files of its messages', async (domain, store, media) => {
  const files = [
    { domain, path: `${store}ChatStorage.sqlite`, content: chatStorage },
    { domain, path: media + PHOTO_PATH, content: chatPhoto },
  ];
  const { items } = await decode(makeIosBackup(files, { encrypted: true }));
  expect(items.filter(({ platform, kind }) => platform === 'whatsapp' && kind === 'message').length).toBeGreaterThan(2);
  const sent = items.find(({ messageId, kind }) => messageId === 'STANZA-2' && kind === 'message');
  expect(sent?.attachments[0]).toMatchObject({ present: true, sha256: sha256(chatPhoto) });
});
