import { createHash } from 'node:crypto';
import type { Item } from '@custody/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../format.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { signalBackupV2, signalBackupV2Damaged } from './index.ts';
import { readMessage } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';
import { conversation, longText, photo } from './testing/conversation.ts';
import { folderFile } from './testing/folder-file.ts';
import { backupFolder, FOLDER, framesOf, OWN_ACI, POOL, remoteFile, TOKEN } from './testing/write-backup.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const CUTS = IS_LONG ? 200 : 12;
const FLIPS = IS_LONG ? 500 : 25;
const KEYS: readonly SuppliedKey[] = [
  { for: 'signal-backup-v2', passphrase: POOL, id: OWN_ACI, source: 'keys.json' },
  { for: 'signal-backup-v2-token', bytes: TOKEN, source: 'keys.json' },
];
const frames = framesOf(conversation);
const remote = remoteFile(frames.bytes);
const folder = backupFolder(frames.bytes, { stored: [photo, longText], listed: [photo.name, longText.name] });
const file = (bytes: Uint8Array): CaptureFile => ({ name: 'backup', source: memorySource(bytes) });
const whole = await decodeAll(signalBackupV2, file(remote), { keys: KEYS });
const said = new Set(whole.items.map(shown));

function shown({ kind, messageId, body, fields }: Item): string {
  return JSON.stringify(
    [kind, messageId, body === null ? null : Buffer.from(body).toString('hex'), [...(fields ?? [])]],
    plain,
  );
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return typeof value === 'bigint' ? String(value) : value;
}

function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] as number) ^ (1 << bit);
  return changed;
}

/** Nothing that did not authenticate is shown as if it had, and nothing is missing without a finding. */
function expectHonest({ items, findings }: Decoded): void {
  const adverse = findings.filter((one) => one.class !== 'note');
  if (items.length < whole.items.length) expect(adverse.length).toBeGreaterThan(0);
  for (const item of items) if (item.authentication?.result === 'verified') expect(said).toContain(shown(item));
}

describe('a sealed backup', () => {
  it('cut anywhere, or with any bit changed, gives nothing that did not authenticate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(remote.length - 1), async (end) => {
        const decoded = await decodeAll(signalBackupV2, file(remote.subarray(0, end)), { keys: KEYS });
        expect(decoded.items).toEqual([]);
        expectHonest(decoded);
      }),
      { numRuns: CUTS, seed: 1 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(remote.length - 1), fc.nat(7), async (at, bit) => {
        expectHonest(await decodeAll(signalBackupV2, file(flipped(remote, at, bit)), { keys: KEYS }));
      }),
      { numRuns: FLIPS, seed: 2 },
    );
  });

  it('cut at every border of its parts is one finding', async () => {
    const sealed = 8 + 1 + 100;
    for (const end of [
      0,
      7,
      8,
      9,
      sealed,
      sealed + 16,
      sealed + 32,
      remote.length - 32,
      remote.length - 16,
      remote.length - 1,
    ]) {
      const { items, findings } = await decodeAll(signalBackupV2, file(remote.subarray(0, end)), { keys: KEYS });
      expect(items).toEqual([]);
      expect(
        findings.map((one) => one.class),
        `cut at ${end}`,
      ).toEqual(['lost']);
    }
  });

  it('decoded on request says of every item that it did not authenticate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(remote.length - 1), fc.nat(7), async (at, bit) => {
        const decoded = await decodeAll(signalBackupV2Damaged, file(flipped(remote, at, bit)), { keys: KEYS });
        expectHonest(decoded);
        const failed = decoded.items.filter(({ authentication }) => authentication?.result === 'failed');
        if (failed.length > 0) expect(decoded.findings.map(({ code }) => code)).toContain('UNIT_UNVERIFIED');
      }),
      { numRuns: FLIPS, seed: 3 },
    );
  });
});

it('a folder with any bit of any file changed shows no other content as authentic', async () => {
  const paths = [...folder.keys()].filter((path) => (folder.get(path)?.length ?? 0) > 0);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.double({ min: 0, max: 0.999, noNaN: true }), async (path, where) => {
      const bytes = folder.get(path) as Uint8Array;
      const changed = new Map(folder).set(path, Buffer.from(flipped(bytes, Math.floor(where * bytes.length), 3)));
      const decoded = await decodeAll(signalBackupV2, folderFile(changed, `${FOLDER}/metadata`), { keys: KEYS });
      const hash = createHash('sha256').update(Buffer.alloc(70_001, 'photo')).digest('hex');
      const attached = decoded.items.flatMap(({ attachments }) => attachments).filter(({ sha256 }) => sha256 === hash);
      if (path.includes(photo.name)) expect(attached).toMatchObject([{ present: false }]);
      if (path === `${FOLDER}/main`) expect(decoded.items).toEqual([]);
    }),
    { numRuns: IS_LONG ? 200 : 10, seed: 4 },
  );
});

describe('frames in clear', () => {
  it('cut at every message give what stands before', async () => {
    for (const [row, end] of frames.offsets.entries()) {
      const decoded = await decodeAll(signalBackupV2, file(frames.bytes.subarray(0, end - 1)), {});
      if (row > 1) expect(decoded.counts.decoded).toBe(row - 1);
      if (row < frames.offsets.length) expect(decoded.findings.some(({ class: one }) => one === 'lost')).toBe(true);
      for (const item of decoded.items) expect(item.authentication?.result).toBe('none');
    }
  });

  it('with any bit changed are accounted for, without a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(frames.bytes.length - 1), fc.nat(7), async (at, bit) => {
        const { counts } = await decodeAll(signalBackupV2, file(flipped(frames.bytes, at, bit)), {});
        expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0) + counts.notCovered);
      }),
      { numRuns: FLIPS, seed: 5 },
    );
  });
});

it('any bytes are read as a message or refused with an error of ours', () => {
  const types = ['Frame', 'ChatItem', 'BackupInfo', 'LocalMetadata'].map(messageType);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
      try {
        readMessage(type, bytes, new Map());
      } catch (error) {
        expect(error).toMatchObject({ family: 'format' });
      }
    }),
    { numRuns: IS_LONG ? 20_000 : 500 },
  );
  const nested = Array.from({ length: 5000 }).reduce<Uint8Array>(
    (inner) => (inner.length > 2000 ? inner : Uint8Array.from([0x32, ...lengthOf(inner.length), ...inner])),
    new Uint8Array(0),
  );
  expect(() => readMessage(messageType('ChatItem'), nested, new Map())).toThrow('nested too deep');
});

function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length & 127) | 128, length >> 7];
}
