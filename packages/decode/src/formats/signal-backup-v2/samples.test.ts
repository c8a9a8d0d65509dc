import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '@custody/evidence';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { readDelimited } from './delimited.ts';
import { signalBackupV2 } from './index.ts';
import { readMessage } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';
import { expectedItems, summaryOf } from './testing/expected-messages.ts';
import { folderFile } from './testing/folder-file.ts';
import { readTwin, type Twin } from './testing/read-twin.ts';
import { twinDifferences } from './testing/twin-differences.ts';

const POOL: SuppliedKey = {
  ...{ for: 'signal-backup-v2', passphrase: 'm'.repeat(64), source: 'keys.json' },
  id: '11111111-1111-1111-1111-111111111111',
};
const TOKEN: SuppliedKey = { for: 'signal-backup-v2-token', bytes: new Uint8Array(32).fill(0xab), source: 'keys.json' };
const OWN = '00000000-0000-4000-8000-000000000001';
const CHAT: ReadonlySet<Item['kind']> = new Set([
  'message',
  'edit',
  'deletion',
  'reaction',
  'call',
  'membership',
  'note',
]);

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

describeWithShared('the public backups', (folder) => {
  const base = join(folder, 'samples', 'signal-v2');
  const cases = join(base, 'backup-tests', 'test-cases');
  const names = readdirSync(cases)
    .filter((name) => name.endsWith('.binproto'))
    .map((name) => name.slice(0, -'.binproto'.length));
  const read = (name: string) => ({
    bytes: bytesOf(join(cases, `${name}.binproto`)),
    blocks: readTwin(readFileSync(join(cases, `${name}.txtproto`), 'utf8')),
  });

  it('of every kind are read value by value as their readable twins say, with nothing unknown', () => {
    expect(names).toHaveLength(604);
    let seen = 0;
    const unknown = new Map<string, number>();
    for (const name of names) {
      const { bytes, blocks } = read(name);
      const source = memorySource(bytes);
      let at = 0;
      for (const found of readDelimited(source, 0, bytes.length)) {
        if ('why' in found) throw new Error(`${name} breaks off at ${found.offset}`);
        const type = messageType(at === 0 ? 'BackupInfo' : 'Frame');
        const block = blocks[at++];
        const message = readMessage(type, found.bytes, unknown);
        const compared = twinDifferences(type, message, block?.fields ?? {});
        expect(compared.differences, name).toEqual([]);
        seen += compared.seen;
      }
      expect(at, name).toBe(blocks.length);
    }
    expect(unknown).toEqual(new Map());
    expect(seen).toBeGreaterThan(75_000);
  });

  it('of every kind give items that say what the twins say', async () => {
    for (const name of names) {
      const { bytes, blocks } = read(name);
      const { items, findings, counts } = await decodeAll(signalBackupV2, { name, source: memorySource(bytes) });
      expect(counts, name).toEqual({ records: blocks.length, decoded: blocks.length, lost: 0, notCovered: 0 });
      const doubts = findings.filter(({ code }) => code !== 'CREDENTIAL_WITHHELD' && code !== 'REFERENCED_BUT_ABSENT');
      expect(doubts, name).toEqual([]);
      const account = blocks.find(({ fields }) => fields.account !== undefined)?.fields.account;
      const username = (account as Readonly<Record<string, Twin>> | undefined)?.username ?? '1';
      const own = items.find(({ kind }) => kind === 'account')?.owner?.value;
      expect([OWN, username], name).toContain(own);
      const said = items.filter(
        ({ kind, sender, fields }) => CHAT.has(kind) && sender !== null && !fields?.has('standing'),
      );
      expect(said.map(summaryOf), name).toEqual(expectedItems(blocks, own ?? ''));
    }
  });

  it('in sealed files open with their keys, and only with them', async () => {
    const decode = (name: string, keys: readonly SuppliedKey[]) =>
      decodeAll(signalBackupV2, { name, source: memorySource(bytesOf(join(base, name))) }, { keys });
    for (const name of ['legacy-account.binproto.encrypted', 'new-account.binproto.encrypted']) {
      expect(detectFormat(probeOf(name, memorySource(bytesOf(join(base, name)))))[0]?.format.name).toBe(
        'signal-backup-v2',
      );
      const { counts, items } = await decode(name, [POOL, TOKEN]);
      expect(counts).toEqual({ records: 4, decoded: 4, lost: 0, notCovered: 0 });
      expect(items.map(({ kind }) => kind)).toEqual(['note', 'account', 'account', 'note']);
      expect(items.at(-1)?.locator).toMatchObject({ offset: 110, length: 7, row: 3 });
      const other = { ...POOL, passphrase: 'n'.repeat(64) };
      expect((await decode(name, [other, TOKEN])).findings.map(({ code }) => code)).toEqual(['KEY_NOT_VERIFIED']);
    }
    const [without] = (await decode('new-account.binproto.encrypted', [POOL])).findings;
    expect(without).toMatchObject({ code: 'KEY_MISSING', detail: expect.stringContaining('forward-secrecy token') });
    expect((await decode('canonical-backup.binproto', [])).counts).toMatchObject({ records: 6, decoded: 6 });
  });

  it('in folders are told from a wrong key', async () => {
    for (const name of readdirSync(join(base, 'local-official'), { withFileTypes: true })) {
      if (!name.isDirectory()) continue;
      const [snapshot = ''] = readdirSync(join(base, 'local-official', name.name));
      const files = new Map(
        ['files', 'main', 'metadata'].map((file) => {
          const path = `${snapshot}/${file}`;
          return [path, bytesOf(join(base, 'local-official', name.name, path))];
        }),
      );
      const { findings } = await decodeAll(signalBackupV2, folderFile(files, `${snapshot}/metadata`), { keys: [POOL] });
      expect(findings.map(({ code }) => code)).toEqual(['KEY_NOT_VERIFIED']);
    }
  });
});
