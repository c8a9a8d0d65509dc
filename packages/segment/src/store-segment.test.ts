import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCbor, equalBytes, rowStart } from '@custody/bytes';
import { verifierKey } from '@custody/chain';
import { generateIdentity, openVault, seal, type Vault } from '@custody/vault';
import { afterAll, describe, expect, it } from 'vitest';
import { signerFromSeed } from './ed25519.ts';
import { draftEvent } from './event.ts';
import { Ledger } from './ledger.ts';
import { leavesName, partName, partSecretName } from './object-names.ts';
import { decodePart } from './part-codec.ts';
import { openSegment, verifyPart } from './read-segment.ts';
import { storeSegment } from './store-segment.ts';
import { type SampleKeys, sampleBatch, sampleInput, sampleKeys } from './testing/sample-segment.ts';

const ITEMS = 90;
const input = sampleInput(sampleBatch(ITEMS), ITEMS);
const top = mkdtempSync(join(tmpdir(), 'custody-segment-'));
let made = 0;
afterAll(() => rmSync(top, { recursive: true, force: true }));

function place(): string {
  return join(top, String(made++));
}

const logSigner = signerFromSeed(new Uint8Array(32).fill(1));
const actor = signerFromSeed(new Uint8Array(32).fill(2));
const logKey = verifierKey('test.example/1', logSigner.publicKey);
const events = generateIdentity();
const signers = { log: logSigner, actor, eventRecipients: [events.recipient] };

/** A store with the segment of `input` committed. */
async function committed(keys: SampleKeys): Promise<{ vault: Vault; ledger: Ledger }> {
  const vault = await openVault(place());
  const ledger = await Ledger.open(vault, logKey);
  for (const kind of ['init', 'authority', 'intake', 'derive'] as const) {
    await ledger.append([draftEvent(kind, {}, { time: 1 })], [], signers);
  }
  const derive = ledger.entries[3]?.leafHash as Uint8Array;
  const stored = await storeSegment(vault, { ...input, derive }, keys);
  const segment = { ...input.key, count: stored.count, root: stored.root };
  await ledger.append([draftEvent('segment', {}, { time: 2, segment })], stored.objects, signers);
  return { vault, ledger };
}

describe('storing a segment', () => {
  it('twice stores it once, and says the same', async () => {
    const vault = await openVault(place());
    const keys = sampleKeys();
    const first = await storeSegment(vault, input, keys);
    expect(await storeSegment(vault, input, keys)).toEqual(first);
  });

  it('by several writers at once comes to one result', async () => {
    const location = place();
    const keys = sampleKeys();
    const vaults = await Promise.all(Array.from({ length: 6 }, () => openVault(location)));
    const [first, ...others] = await Promise.all(vaults.map((vault) => storeSegment(vault, input, keys)));
    for (const other of others) expect(other).toEqual(first);
  });

  it('with another content under the same name is refused and changes nothing', async () => {
    const vault = await openVault(place());
    const keys = sampleKeys();
    const first = await storeSegment(vault, input, keys);
    const other = sampleInput(sampleBatch(ITEMS, 'other'), ITEMS);
    const refusal = { code: 'SEGMENT_NOT_REPRODUCED', family: 'integrity' };
    await expect(storeSegment(vault, other, keys)).rejects.toMatchObject(refusal);
    expect(await storeSegment(vault, input, keys)).toEqual(first);
  });

  it('reads back what the medium holds: bytes that differ stop it', async () => {
    const vault = await openVault(place());
    const keys = sampleKeys();
    const name = leavesName(input.key);
    const lying: Vault = Object.create(vault, {
      read: {
        value: async (wanted: string) => {
          const bytes = await vault.read(wanted);
          return wanted === name ? bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) : bytes;
        },
      },
      holds: { value: undefined },
      create: { value: vault.create.bind(vault) },
      info: { value: vault.info.bind(vault) },
    });
    await expect(storeSegment(lying, input, keys)).rejects.toMatchObject({ code: 'READ_BACK_MISMATCH' });
  });

  it('opens again as far as keys are held, and its content fits its commitments', async () => {
    const keys = sampleKeys();
    const { vault, ledger } = await committed(keys);
    const segment = ledger.segments[0] as (typeof ledger.segments)[number];
    const all = await openSegment(vault, ledger, segment, keys.held);
    for (const part of all.parts) verifyPart(all, part);
    expect([...all.opened()]).toHaveLength(input.to);
    const some = await openSegment(vault, ledger, segment, { evidence: keys.held.evidence });
    expect(some.parts.map(({ compartment }) => compartment)).toEqual(['evidence']);
    expect([...some.opened()].every((leaf) => leaf.kind === 'finding' || leaf.disposition === 'in-scope')).toBe(true);
    await expect(openSegment(vault, ledger, segment, { privileged: keys.held.evidence })).rejects.toMatchObject({
      code: 'SEALED_TO_OTHERS',
    });
  });

  it('content that was exchanged under the right keys does not fit', async () => {
    const keys = sampleKeys();
    const { vault, ledger } = await committed(keys);
    const read = await openSegment(vault, ledger, ledger.segments[0] as (typeof ledger.segments)[number], keys.held);
    const [part] = read.parts as [(typeof read.parts)[number]];
    const { items, itemPositions } = part.content;
    const locator = items[1] as (typeof items)[number];
    const rows = itemPositions.length;
    for (const row of [0, 1, rows >> 1, rows - 2, rows - 1]) {
      const at = rowStart(locator, row);
      locator.bytes[at] = (locator.bytes[at] as number) ^ 1;
      const detail = { index: read.segment.first + (itemPositions[row] as number) };
      expect(() => verifyPart(read, part)).toThrow(expect.objectContaining({ code: 'CONTENT_MISMATCH', detail }));
      locator.bytes[at] = (locator.bytes[at] as number) ^ 1;
      verifyPart(read, part);
    }
  });
});

describe('a part by hand', () => {
  it('opens with age and zstd alone: person, compartment, secret, object', async ({ skip }) => {
    if (spawnSync('age', ['--version']).error || spawnSync('zstd', ['--version']).error) {
      skip('age or zstd is not installed');
    }
    const keys = sampleKeys();
    const { vault, ledger } = await committed(keys);
    const folder = place();
    execFileSync('mkdir', [folder]);
    const person = generateIdentity();
    const identity = (name: string, secret: string) => {
      writeFileSync(join(folder, name), `${secret}\n`, { mode: 0o600 });
      return join(folder, name);
    };
    const age = (key: string, file: string) => execFileSync('age', ['-d', '-i', key, file]);
    const compartment = join(folder, 'keys-evidence-1');
    writeFileSync(compartment, seal(Buffer.from(`${keys.held.evidence[0]}\n`), [person.recipient]));

    const opened = age(identity('person', person.secret), compartment).toString().trim();
    const secret = age(identity('evidence', opened), join(vault.location, partSecretName(input.key, 'evidence')));
    const [objectKey] = decodeCbor(secret) as readonly [string];
    const packed = age(identity('object', objectKey), join(vault.location, partName(input.key, 'evidence')));
    const plain = execFileSync('zstd', ['-d', '-c'], { input: packed });
    const read = await openSegment(vault, ledger, ledger.segments[0] as (typeof ledger.segments)[number], keys.held);
    const expected = read.parts[0]?.content.items[9]?.bytes as Uint8Array;
    expect(equalBytes(decodePart(plain).items[9]?.bytes as Uint8Array, expected)).toBe(true);
    expect(plain.includes('text 28 word word')).toBe(true);
  });
});

describe('the ledger', () => {
  it('appended to by many at once has every entry once, in one order', async () => {
    const location = place();
    const ledgers = await Promise.all(
      Array.from({ length: 5 }, async () => Ledger.open(await openVault(location), logKey)),
    );
    const times = Array.from({ length: 40 }, (_, i) => 1000 + i);
    await ledgers[0]?.append([draftEvent('init', {}, { time: 1 })], [], signers);
    await Promise.all(
      times.map((time, i) => ledgers[i % ledgers.length]?.append([draftEvent('access', {}, { time })], [], signers)),
    );
    const read = await Ledger.open(await openVault(location), logKey);
    expect(read.size).toBe(41);
    expect(
      read.entries
        .slice(1)
        .map(({ time }) => time)
        .sort(),
    ).toEqual(times);
    for (const ledger of ledgers) {
      await ledger.refresh();
      expect(ledger.root()).toEqual(read.root());
    }
  });

  it('refuses every flipped bit of a commit and names the file', async () => {
    const location = place();
    const ledger = await Ledger.open(await openVault(location), logKey);
    await ledger.append([draftEvent('init', {}, { time: 1 })], [], signers);
    await ledger.append([draftEvent('access', {}, { time: 2 })], [], signers);
    const file = join(location, 'log/commit/1');
    const good = readFileSync(file);
    const overlooked: number[] = [];
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ (1 << (at % 8));
      rmSync(file, { force: true });
      writeFileSync(file, bad);
      const failed = await Ledger.open(await openVault(location), logKey).catch((error: unknown) => error);
      const { family, detail } = failed as { family?: string; detail?: { name?: string } };
      if (family !== 'integrity' || detail?.name !== 'log/commit/1') overlooked.push(at);
    }
    expect(overlooked).toEqual([]);
  });

  it('under another key is refused', async () => {
    const location = place();
    const ledger = await Ledger.open(await openVault(location), logKey);
    await ledger.append([draftEvent('init', {}, { time: 1 })], [], signers);
    const other = verifierKey('test.example/1', actor.publicKey);
    await expect(Ledger.open(await openVault(location), other)).rejects.toMatchObject({ family: 'integrity' });
  });
});
