import { createHash } from 'node:crypto';
import type { Finding, Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { signalBackupV2, signalBackupV2Damaged } from './index.ts';
import { ANN_ACI, BEN_ACI, conversation, longBody, longText, lost, photo } from './testing/conversation.ts';
import { folderFile } from './testing/folder-file.ts';
import {
  backupFolder,
  FOLDER,
  framesOf,
  type Json,
  OWN_ACI,
  POOL,
  remoteFile,
  SHOWN_POOL,
  TOKEN,
} from './testing/write-backup.ts';

const pool = (passphrase: string, id?: string): SuppliedKey => ({
  ...{ for: 'signal-backup-v2', passphrase, source: 'keys.json' },
  ...(id !== undefined && { id }),
});
const token: SuppliedKey = { for: 'signal-backup-v2-token', bytes: TOKEN, source: 'keys.json' };
const ALL = [pool(POOL, OWN_ACI), token];
const frames = framesOf(conversation);
const folder = backupFolder(frames.bytes, {
  stored: [photo, longText],
  listed: [photo.name, longText.name, lost.name],
});

function decodeFolder(files: ReadonlyMap<string, Uint8Array>, keys: readonly SuppliedKey[] = [pool(SHOWN_POOL)]) {
  return decodeAll(signalBackupV2, folderFile(files, `${FOLDER}/metadata`), { keys });
}

function decodeFile(bytes: Uint8Array, keys: readonly SuppliedKey[] = ALL, format = signalBackupV2): Promise<Decoded> {
  return decodeAll(format, { name: 'backup', source: memorySource(bytes) }, { keys });
}

const bodyOf = ({ body }: Item) => (body === null ? null : new TextDecoder().decode(body));
const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);
const ofKind = ({ items }: Decoded, ...kinds: readonly Item['kind'][]) =>
  items.filter(({ kind }) => kinds.includes(kind));

describe('a backup folder', () => {
  it('is recognised by the file that leads it, and accounts for its other files', async () => {
    const file = folderFile(folder, `${FOLDER}/metadata`);
    expect(detectFormat(probeOf(file.name, file.source))[0]).toMatchObject({
      format: { name: 'signal-backup-v2' },
      claim: { confidence: 'certain' },
    });
    const context = {
      keyring: { keys: [pool(POOL)] },
      scratch: {
        create: () => {
          throw new Error('none');
        },
        open: () => file.source,
      },
    };
    const led = await signalBackupV2.prepare(folderFile(folder, `${FOLDER}/main`), context);
    expect(led).toMatchObject({ units: [], findings: [] });
    const wrong = await signalBackupV2.prepare(file, { ...context, keyring: { keys: [] } });
    expect([...(wrong.covers ?? [])].sort()).toEqual([...folder.keys()].filter((name) => name !== file.name).sort());
  });

  it('gives every message with who wrote it to whom, and what refers to what', async () => {
    const decoded = await decodeFolder(folder);
    expect(decoded.counts).toEqual({ records: 15, decoded: 15, lost: 0, notCovered: 0 });
    const own = { type: 'signal-aci', value: OWN_ACI, display: 'Own Name' };
    const ann = { type: 'phone', value: '+31655500102', display: 'Ann' };
    const [hello, first, edit, group, poll] = ofKind(decoded, 'message', 'edit');
    expect(hello).toMatchObject({ direction: 'incoming', sender: ann, recipients: [own], owner: own });
    expect(hello).toMatchObject({ conversation: ann.value, messageId: '1767000000000', refs: [] });
    expect(hello?.fields?.get('author_aci')).toBe(ANN_ACI);
    expect(hello?.sentAt).toMatchObject({ utc: 1_767_000_000_000, clock: 'sender' });
    expect(hello?.times?.get('server')).toMatchObject({ utc: 1_767_000_000_005, clock: 'server' });
    expect(first).toMatchObject({ kind: 'message', direction: 'outgoing', sender: own, recipients: [ann] });
    expect(first === undefined ? null : bodyOf(first)).toBe('see photo');
    expect(edit).toMatchObject({ kind: 'edit', messageId: '1767000002000' });
    expect(edit?.refs).toEqual([
      { rel: 'edits', id: '1767000001000' },
      { rel: 'reply-to', id: '1767000000000' },
    ]);
    expect(edit?.times?.get('read')).toMatchObject({ utc: 1_767_000_002_500 });
    expect(group).toMatchObject({ sender: { type: 'signal-aci', value: BEN_ACI, display: 'Ben' } });
    expect(group?.recipients).toMatchObject([{ type: 'signal-group', display: 'Walks' }]);
    expect(group === undefined ? null : bodyOf(group)).toBe(longBody);
    expect(poll === undefined ? null : bodyOf(poll)).toBe('When?');
    expect(ofKind(decoded, 'deletion')).toMatchObject([{ refs: [{ rel: 'deletes', id: '1767000006000' }] }]);
    expect(ofKind(decoded, 'call')).toMatchObject([{ direction: 'incoming', sender: ann }]);
    expect(ofKind(decoded, 'reaction').map((one) => [bodyOf(one), one.sender, one.refs])).toEqual([
      ['👍', ann, [{ rel: 'reacts-to', id: '1767000002000' }]],
      ['Now', own, [{ rel: 'votes-in', id: '1767000005000' }]],
    ]);
    expect(ofKind(decoded, 'membership').map(({ sender }) => sender?.value)).toEqual([OWN_ACI, ann.value, BEN_ACI]);
    for (const item of decoded.items) expect(item.authentication?.result).toBe('verified');
  });

  it('reconciles its files three ways', async () => {
    const { items, findings } = await decodeFolder(folder);
    const sha256 = createHash('sha256').update(Buffer.alloc(70_001, 'photo')).digest('hex');
    expect(items.flatMap(({ attachments }) => attachments).slice(0, 2)).toEqual([
      { name: 'photo.jpg', mime: 'image/jpeg', size: 70_001, sha256, present: true },
      expect.objectContaining({ mime: 'image/png', present: false }),
    ]);
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT', 'CREDENTIAL_WITHHELD']);
    const torn = new Map(folder);
    const path = `files/${photo.name.slice(0, 2)}/${photo.name}`;
    const changed = Buffer.from(photo.sealed);
    changed[5000] = (changed[5000] as number) ^ 1;
    torn.set(path, changed);
    torn.set(`files/ab/${'ab'.repeat(32)}`, Buffer.alloc(100));
    torn.set(`${FOLDER}/files`, Buffer.alloc(0));
    const damaged = await decodeFolder(torn);
    expect(damaged.items.flatMap(({ attachments }) => attachments)[0]).toMatchObject({ present: false });
    expect(codes(damaged.findings)).toEqual([
      ...[
        'REFERENCED_BUT_ABSENT',
        'BYTES_NOT_EXAMINED',
        'CONFLICTING_COPIES',
        'UNIT_UNVERIFIED',
        'CREDENTIAL_WITHHELD',
      ],
    ]);
  });

  it('shows no credential', async () => {
    const { items } = await decodeFolder(folder);
    const shown = JSON.stringify(items.map(({ fields }) => [...(fields ?? [])].map(String)));
    expect(shown).not.toContain('1234');
    for (const { fields } of items) {
      for (const name of ['svrPin', 'profileKey', 'masterKey', 'mediaRootBackupKey'])
        expect(fields?.has(name)).not.toBe(true);
    }
  });

  it('without its main file, or of another version, is one finding', async () => {
    const headless = new Map(folder);
    headless.delete(`${FOLDER}/main`);
    expect(codes((await decodeFolder(headless)).findings)).toEqual(['TRUNCATED']);
    expect(codes((await decodeFolder(backupFolder(framesOf(conversation, 2).bytes))).findings)).toContain(
      'UNSUPPORTED_VERSION',
    );
  });
});

describe('a remote file', () => {
  it('opens with key, service id and token, and names its owner', async () => {
    const { items, findings } = await decodeFile(remoteFile(frames.bytes));
    expect(items.find(({ kind }) => kind === 'message')?.owner).toMatchObject({ type: 'signal-aci', value: OWN_ACI });
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT', 'CREDENTIAL_WITHHELD']);
    expect((await decodeFile(remoteFile(frames.bytes, null), [pool(POOL, OWN_ACI)])).items).toHaveLength(items.length);
  });

  it('without magic and name is recognised by its keys', () => {
    const bare = memorySource(remoteFile(frames.bytes, null));
    const claims = (keys: readonly SuppliedKey[]) => detectFormat(probeOf('x', bare, { keyring: { keys } }));
    expect(claims([pool(POOL, OWN_ACI)])[0]).toMatchObject({ format: { name: 'signal-backup-v2' } });
    expect(claims([pool('x'.repeat(64), OWN_ACI)])).toEqual([]);
    expect(claims([])).toEqual([]);
  });

  it('tells a missing token from a wrong key, a wrong kind of key and damage', async () => {
    const file = remoteFile(frames.bytes);
    const detail = async (keys: readonly SuppliedKey[], bytes: Uint8Array = file) => {
      const { findings, items } = await decodeFile(bytes, keys);
      expect(items).toEqual([]);
      return findings.map((one) => `${one.code}: ${one.detail}`).join();
    };
    expect(await detail([pool(POOL, OWN_ACI)])).toMatch(/^KEY_MISSING.*forward-secrecy token/);
    expect(await detail([pool(POOL), token])).toMatch(/^KEY_MISSING.*service id/);
    expect(await detail([pool('x'.repeat(64), OWN_ACI), token])).toMatch(/^KEY_NOT_VERIFIED.*another account/);
    expect(await detail([pool(POOL, BEN_ACI), token])).toMatch(/^KEY_NOT_VERIFIED/);
    const digits = { for: 'signal-backup', passphrase: '0'.repeat(30), source: 'k' };
    expect(await detail([digits])).toMatch(/^KEY_MISSING.*older .backup files/);
    expect(await detail(ALL, file.subarray(0, file.length - 160))).toMatch(/^TRUNCATED: The key fits/);
    const changed = Buffer.from(file);
    changed[400] = (changed[400] as number) ^ 1;
    expect(await detail(ALL, changed)).toMatch(/^KEY_PROVEN_THEN_DAMAGE: The key fits/);
  });

  it('that is damaged gives nothing, and on request what unpacks, with every item marked', async () => {
    const many: Json[] = [...conversation];
    for (let i = 0; i < 400; i++) {
      const body = createHash('sha256').update(String(i)).digest('hex');
      many.push({
        chatItem: { chatId: 1, authorId: 2, dateSent: 9e11 + i, incoming: {}, standardMessage: { text: { body } } },
      });
    }
    const file = remoteFile(framesOf(many).bytes);
    file[Math.floor(file.length / 2)] = (file[Math.floor(file.length / 2)] as number) ^ 1;
    expect((await decodeFile(file)).items).toEqual([]);
    const shown = await decodeFile(file, ALL, signalBackupV2Damaged);
    expect(codes(shown.findings).slice(0, 2)).toEqual(['KEY_PROVEN_THEN_DAMAGE', 'UNIT_UNVERIFIED']);
    expect(shown.items.length).toBeGreaterThan(100);
    expect(shown.items.map(({ authentication }) => authentication?.result)).toEqual(shown.items.map(() => 'failed'));
    const whole = await decodeFile(remoteFile(frames.bytes), ALL, signalBackupV2Damaged);
    expect(whole.items.map(({ authentication }) => authentication?.result)).toEqual(whole.items.map(() => 'verified'));
    expect((await decodeFile(file, [pool('x'.repeat(64), OWN_ACI), token], signalBackupV2Damaged)).items).toEqual([]);
    expect(detectFormat(probeOf('x', memorySource(file))).map(({ format }) => format.name)).toEqual([
      'signal-backup-v2',
    ]);
  });
});

it('counts what this build does not know, by name, and keeps the rest', async () => {
  const strange: Json[] = [
    ...conversation,
    { chatItem: { chatId: 1, authorId: 2, dateSent: 5, incoming: {}, futureMessage: {} } },
    {
      chatItem: {
        chatId: 9,
        authorId: 99,
        dateSent: 6,
        incoming: {},
        standardMessage: { text: { body: 'who?' }, futureField: 'x' },
      },
    },
    {},
  ];
  const { counts, findings, items } = await decodeFile(framesOf(strange).bytes, []);
  expect(counts).toEqual({ records: 18, decoded: 16, lost: 0, notCovered: 2 });
  expect(findings.filter(({ code }) => code === 'NOT_COVERED').map(({ records, detail }) => [records, detail])).toEqual(
    [
      [1, expect.stringContaining('chat items without a content')],
      [1, expect.stringContaining('frames of a kind')],
      [0, expect.stringContaining('ChatItem.90 (1), StandardMessage.77 (1)')],
    ],
  );
  expect(codes(findings)).toContain('REFERENCE_UNRESOLVED');
  expect(items.some((item) => bodyOf(item) === 'who?' && item.sender?.type === 'signal-recipient')).toBe(true);
  expect(items[0]?.authentication).toMatchObject({ mechanism: 'none', result: 'none' });
});
