import { readFileSync } from 'node:fs';
import { hexEncode, sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { csv, makeZip, members, PASSWORD } from './testing/make-threema.ts';
import { threemaBackup } from './threema-format.ts';

const keyring = (...passwords: string[]) => ({
  keys: passwords.map((passphrase) => ({ for: 'threema-backup', passphrase, source: 'test' })),
});
const decode = (bytes: Uint8Array, password = PASSWORD, name = 'threema-backup.zip') =>
  decodeCapture(threemaBackup, bytes, { name, keyring: keyring(password) });
const codes = (decoded: Decoded) => decoded.findings.map(({ code }) => code).sort();
const text = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));
const kinds = (decoded: Decoded) => {
  const counts: Record<string, number> = {};
  for (const { kind } of decoded.items) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
const byId = (decoded: Decoded, id: string) => decoded.items.find(({ messageId }) => messageId === id);

describe('a backup written by zip.js', () => {
  it.each([
    ['AES-256, deflated', {}],
    ['AES-128, stored', { strength: 1, level: 0 }],
    ['AES-192', { strength: 2 }],
  ] as const)('%s: everything in it', async (_what, options) => {
    const decoded = await decode(await makeZip(members(), options));
    expect(kinds(decoded)).toEqual({
      ...{
        message: 5,
        deletion: 1,
        location: 1,
        call: 1,
        contact: 2,
        membership: 2,
        note: 3,
        reaction: 1,
        attachment: 1,
      },
    });
    expect(decoded.counts).toEqual({ records: 20, decoded: 18, lost: 0, notCovered: 2 });
    expect(codes(decoded)).toEqual(['CREDENTIAL_WITHHELD', 'NOT_COVERED', 'NOT_COVERED', 'REFERENCED_BUT_ABSENT']);
    expect(decoded.items.every(({ authentication }) => authentication?.result === 'verified')).toBe(true);
  });

  it('reads what rows say', async () => {
    const decoded = await decode(await makeZip(members()));
    const first = byId(decoded, 'm1');
    expect(text(first)).toBe('say "hi",\nall');
    expect(first).toMatchObject({
      direction: 'incoming',
      sender: { type: 'threema', value: 'AAAA1111', display: 'Ada Example' },
      recipients: [{ type: 'threema', value: 'OWNR0001' }],
      conversation: 'AAAA1111',
      sentAt: { utc: 1700000000000, clock: 'sender' },
      locator: { path: 'threema-backup.zip!zip!message_c1c1.csv', row: 1 },
    });
    expect(byId(decoded, 'm2')).toMatchObject({ direction: 'outgoing', refs: [{ rel: 'reply-to', id: 'm1' }] });
    expect(byId(decoded, 'm2')?.times?.get('edited')?.utc).toBe(1700000003000);
    const file = byId(decoded, 'm3');
    expect(file?.attachments).toEqual([
      { name: 'a.png', mime: 'image/png', size: 5, sha256: sha256Hex(utf8Encode('bytes')), present: true },
    ]);
    expect(text(file)).toBe('look');
    expect(byId(decoded, 'm4')?.attachments[0]?.present).toBe(false);
    expect(byId(decoded, 'm5')).toMatchObject({ kind: 'deletion', refs: [{ rel: 'deletes', id: 'm5' }] });
    expect(byId(decoded, 'm6')).toMatchObject({ kind: 'location' });
    expect(byId(decoded, 'u7')?.sentAt).toMatchObject({ utc: null, raw: 'soon' });
    expect(byId(decoded, 'g1')).toMatchObject({
      conversation: 'AAAA1111-g00d',
      recipients: [{ type: 'threema-group', value: 'AAAA1111-g00d', display: 'Team' }],
    });
    expect(decoded.items.find(({ kind }) => kind === 'reaction')).toMatchObject({
      refs: [{ rel: 'reacts-to', id: 'm2' }],
    });
    expect(JSON.stringify(decoded.items, (_key, value) => (value instanceof Map ? [...value] : value))).not.toContain(
      'secret',
    );
  });

  it('is known by its bytes', async () => {
    const zip = await makeZip(members());
    expect(detectFormat(probeOf('x.bin', memorySource(zip)))[0]).toMatchObject({
      format: { name: 'threema-backup' },
      claim: { confidence: 'certain' },
    });
    const other = await makeZip([['notes.txt', 'nothing']], { password: null });
    expect(detectFormat(probeOf('x.zip', memorySource(other)))).toEqual([]);
  });
});

describe('keys', () => {
  it('tells a wrong password and a missing one', async () => {
    const zip = await makeZip(members());
    expect(codes(await decode(zip, 'wrong'))).toEqual(['KEY_NOT_VERIFIED']);
    const none = await decodeCapture(threemaBackup, zip, { name: 'x', keyring: keyring() });
    expect(codes(none)).toEqual(['KEY_MISSING']);
    const hex = { keys: [{ for: 'threema-backup', bytes: new Uint8Array(32), source: 'test' }] };
    expect(codes(await decodeCapture(threemaBackup, zip, { name: 'x', keyring: hex }))).toEqual(['KEY_MISSING']);
    const many = keyring(...Array.from({ length: 17 }, (_, i) => `p${i}`));
    expect(codes(await decodeCapture(threemaBackup, zip, { name: 'x', keyring: many }))).toEqual(['LIMIT_EXCEEDED']);
    const second = await decodeCapture(threemaBackup, zip, { name: 'x', keyring: keyring('wrong', PASSWORD) });
    expect(second.items).toHaveLength(17);
  });

  it('lets the code decide where the two verification bytes of a wrong password fit by chance', async () => {
    const zip = await makeZip([['settings', csv([['version', '1']])]]);
    const start = Buffer.from(zip).indexOf('settings');
    const { pbkdf2Sync } = await import('node:crypto');
    const body = start + 8 + (zip[start - 2] as number);
    const salt = zip.subarray(body, body + 16);
    zip.set(pbkdf2Sync('wrong', salt, 1000, 66, 'sha1').subarray(64), body + 16);
    expect(hexEncode(salt)).toHaveLength(32);
    expect(codes(await decode(zip, 'wrong'))).toEqual(['KEY_NOT_VERIFIED']);
  });
});

describe('members that are wrong', () => {
  it('decodes both copies of a name, and says so', async () => {
    const twice = [...members(), ['contacts.csv', csv([['identity'], ['BBBB2222']])] as const];
    const decoded = await decode(await makeZip(twice));
    expect(codes(decoded)).toContain('DUPLICATE');
    expect(kinds(decoded).contact).toBe(3);
    expect(decoded.items.map(({ locator }) => locator.path)).toContain('threema-backup.zip!zip!contacts.csv#2');
  });

  it('says which members are missing', async () => {
    const fewer = members().filter(([name]) => name !== 'message_c1c1.csv' && name !== 'settings');
    const decoded = await decode(await makeZip(fewer));
    const missing = decoded.findings.filter(
      ({ code, class: of }) => code === 'REFERENCED_BUT_ABSENT' && of === 'doubt',
    );
    expect(missing.map(({ locator }) => locator?.path)).toEqual([
      'threema-backup.zip!zip!message_c1c1.csv',
      'threema-backup.zip',
    ]);
  });

  it('does not take a ZIP in clear for a backup', async () => {
    expect(codes(await decode(await makeZip(members(), { password: null })))).toEqual(['FORMAT_UNKNOWN']);
  });

  it('counts rows that do not fit, and goes on', async () => {
    const odd = '"identity","nick_name"\n"AAAA1111","a"\n"only one"\n"BBBB2222","b\n"CCCC3333","c"\n';
    const decoded = await decode(
      await makeZip([
        ['settings', csv([['version', '1']])],
        ['contacts.csv', odd],
      ]),
    );
    expect(decoded.counts.lost).toBeGreaterThan(0);
    expect(decoded.counts.records).toBe(decoded.counts.decoded + (decoded.counts.lost ?? 0));
  });

  it('uses names of members as labels only', async () => {
    const decoded = await decode(await makeZip([...members(), ['../../etc/passwd', 'x']]));
    expect(decoded.counts).toMatchObject({ decoded: 18, notCovered: 3 });
  });
});

describeWithShared('the sample', (folder) => {
  it('gives what its notes say', async () => {
    const name = 'threema-backup_ABCD1234_synthetic.zip';
    const bytes = new Uint8Array(readFileSync(`${folder}/samples/threema/${name}`));
    const decoded = await decode(bytes, 'superS3cr3tpaZZword', name);
    const perFile = (file: string) => decoded.items.filter(({ locator }) => locator.path.endsWith(file)).length;
    expect([perFile('a1b2c3d4e5.csv'), perFile('f0f1f2f3f4.csv'), perFile('group_message_99aabbccdd.csv')]).toEqual([
      4, 0, 1,
    ]);
    expect(decoded.items.flatMap(({ attachments }) => attachments).map(({ present }) => present)).toEqual([true]);
    expect(byId(decoded, '2011223344556677')?.attachments[0]?.sha256).toBe(
      sha256Hex(
        new Uint8Array(
          readFileSync(`${folder}/samples/threema/src/message_media_00000003-0000-4000-8000-000000000000`),
        ),
      ),
    );
    expect(byId(decoded, '1011223344556677')).toMatchObject({
      ...{
        direction: 'outgoing',
        sentAt: { utc: 1_700_000_120_000 },
        refs: [{ rel: 'reply-to', id: '0011223344556677' }],
      },
      recipients: [{ type: 'threema', value: 'ECHOECHO', display: 'Ada Example' }],
    });
    expect(byId(decoded, '1011223344556677')?.times?.get('edited')?.utc).toBe(1_700_000_130_000);
    expect(text(byId(decoded, '0011223344556677'))).toBe('Hello, "quoted", comma\nand a second line');
    expect(text(byId(decoded, '5011223344556677'))).toBe('group 😀 text');
    expect(byId(decoded, '3011223344556677')).toMatchObject({ kind: 'deletion', body: null });
    expect(decoded.items[0]?.owner?.value).toBe('ABCD1234');
    expect(codes(decoded)).toEqual(['CREDENTIAL_WITHHELD', 'NOT_COVERED', 'NOT_COVERED']);
    expect(codes(await decode(bytes, 'superS3cr3tpaZZwore', name))).toEqual(['KEY_NOT_VERIFIED']);
  });
});
