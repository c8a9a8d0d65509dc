import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexDecode, utf8Encode } from '@custody/bytes';
import {
  consistencyProof,
  encodeAddCheckpoint,
  leafHash,
  signCheckpoint,
  treeHash,
  type VerifierKey,
  verifierKey,
  verifyCheckpoint,
} from '@custody/chain';
import { signerFromSeed, verifyEd25519 } from '@custody/segment';
import { openVault } from '@custody/vault';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { Witness } from './witness.ts';
import { makeWitnessKey, readWitnessKey, type WitnessKey } from './witness-key.ts';
import { WitnessMemory } from './witness-memory.ts';

const log = signerFromSeed(new Uint8Array(32).fill(7));
const logKey = verifierKey('lab-a.example/case-1', log.publicKey);
const now = () => Date.parse('2026-05-06T07:08:09Z');

let folder = '';
let own: WitnessKey;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'witness-'));
  own = await makeWitnessKey(join(folder, 'key'), 'lab-b.example/witness');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open(logs: readonly VerifierKey[] = [logKey]): Promise<Witness> {
  return new Witness({ own, logs, memory: new WitnessMemory(await openVault(join(folder, 'store'))), now });
}

/** Leaf hashes of a log of that many entries; another history has other entries from `from` on. */
function hashesOf(size: number, from = Number.POSITIVE_INFINITY): Uint8Array {
  const hashes = new Uint8Array(size * 32);
  for (let i = 0; i < size; i++) hashes.set(leafHash(utf8Encode(i < from ? `${i}` : `other ${i}`)), i * 32);
  return hashes;
}

function checkpointOf(hashes: Uint8Array): string {
  return signCheckpoint({ origin: logKey.name, size: BigInt(hashes.length / 32), root: treeHash(hashes) }, log);
}

function request(old: number, hashes: Uint8Array): Uint8Array {
  const size = hashes.length / 32;
  const proof = old === 0 || old >= size ? [] : consistencyProof(hashes, old, size);
  return utf8Encode(encodeAddCheckpoint({ old: BigInt(old), proof, checkpoint: checkpointOf(hashes) }));
}

async function ask(witness: Witness, body: Uint8Array): Promise<[number, string]> {
  const answer = await witness.addCheckpoint(body);
  return [answer.status, Buffer.from(answer.body).toString()];
}

describe('a witness', () => {
  it('cosigns what extends what it cosigned, and says when', async () => {
    const witness = await open();
    for (const [old, size] of [
      [0, 3],
      [3, 3],
      [3, 8],
    ] as const) {
      const hashes = hashesOf(size);
      const [status, line] = await ask(witness, request(old, hashes));
      expect(status).toBe(200);
      const verified = verifyCheckpoint(checkpointOf(hashes) + line, {
        logKey,
        witnesses: [own.key],
        verify: verifyEd25519,
      });
      expect(verified.note.signers.map((signer) => signer.time)).toEqual([undefined, now() / 1000]);
    }
    expect(await ask(witness, request(0, hashesOf(5)))).toEqual([409, '8\n']);
    expect(await ask(witness, request(3, hashesOf(9)))).toEqual([409, '8\n']);
  });

  it('never cosigns another history, and keeps what was signed of it', async () => {
    const witness = await open();
    expect((await ask(witness, request(0, hashesOf(5))))[0]).toBe(200);
    expect(await ask(witness, request(5, hashesOf(5, 4)))).toEqual([409, '5\n']);
    expect((await ask(witness, request(5, hashesOf(8, 4))))[0]).toBe(422);
    expect(readdirSync(join(folder, 'store/conflicts'), { recursive: true })).toHaveLength(3);
    expect((await ask(witness, request(5, hashesOf(8))))[0]).toBe(200);
  });

  it('remembers across a restart, and beside another process on the same store', async () => {
    const [first, second] = [await open(), await open()];
    expect((await ask(first, request(0, hashesOf(5))))[0]).toBe(200);
    expect((await ask(second, request(5, hashesOf(6))))[0]).toBe(200);
    expect(await ask(first, request(5, hashesOf(7)))).toEqual([409, '6\n']);
    expect(await ask(await open(), request(0, hashesOf(7)))).toEqual([409, '6\n']);
  });

  it('signs one of two histories that come at once', async () => {
    const witnesses = await Promise.all(Array.from({ length: 4 }, () => open()));
    const answers = await Promise.all(witnesses.map((witness, i) => ask(witness, request(0, hashesOf(3, i)))));
    expect(answers.map(([status]) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('knows which logs are its own', async () => {
    const stranger = signerFromSeed(new Uint8Array(32).fill(8));
    const body = request(0, hashesOf(2));
    expect((await ask(await open([verifierKey('other.example', log.publicKey)]), body))[0]).toBe(404);
    expect((await ask(await open([verifierKey(logKey.name, stranger.publicKey)]), body))[0]).toBe(403);
    const rotated = [verifierKey(logKey.name, stranger.publicKey), logKey];
    expect((await ask(await open(rotated), body))[0]).toBe(200);
  });

  it('refuses what is no request, and never breaks', async () => {
    const witness = await open();
    const good = Buffer.from(request(0, hashesOf(2))).toString();
    for (const bad of [
      '',
      'old 0',
      'old 00\n\nx\n',
      'old -1\n\nx\n',
      'new 0\n\nx\n',
      `old 0\nxyz\n\n${good.slice(7)}`,
    ]) {
      expect((await ask(witness, utf8Encode(bad)))[0], bad).toBe(400);
    }
    expect((await ask(witness, utf8Encode(`${good}\n`)))[0]).toBe(403);
    expect((await ask(witness, utf8Encode(good.replace('old 0', 'old 3'))))[0]).toBe(400);
    const proof = `${Buffer.alloc(32).toString('base64')}\n`;
    expect((await ask(witness, utf8Encode(good.replace('old 0\n', `old 0\n${proof}`))))[0]).toBe(422);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.string({ maxLength: 3 }), async (at, put) => {
        const [status] = await ask(witness, utf8Encode(good.slice(0, at) + put + good.slice(at + 1)));
        expect([200, 400, 403, 404, 409, 422]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its key in a file that is not overwritten', async () => {
    const file = join(folder, 'key');
    expect(await readWitnessKey(file)).toMatchObject({ key: own.key });
    await expect(makeWitnessKey(file, 'again')).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    await expect(readWitnessKey(join(folder, 'store/../key/../nothing'))).rejects.toThrow();
  });
});

describeWithShared('the add-checkpoint sequence of litewitness', (shared) => {
  interface Sequence {
    readonly logPublicKey: string;
    readonly finalSize: number;
    readonly requests: readonly { readonly body: string; readonly status: number; readonly assert: string }[];
  }
  it('is answered as it was there', async () => {
    const file = join(shared, 'vectors/integrity/transcribed/witness-add-checkpoint.json');
    const { logPublicKey, requests } = JSON.parse(readFileSync(file, 'utf8')) as Sequence;
    const origin = requests[0]?.body.split('\n')[2] as string;
    const witness = await open([verifierKey(origin, hexDecode(logPublicKey))]);
    const statuses: number[] = [];
    for (const { body, assert } of requests) {
      const [status, text] = await ask(witness, utf8Encode(body));
      statuses.push(status);
      const [, wanted] = /== "(.+)\\n"$/.exec(assert) ?? [];
      if (wanted !== undefined) expect(text).toBe(`${wanted}\n`);
    }
    // litewitness answered 403 to the unknown log in the third; tlog-witness has 404 for it since.
    const stated = requests.map(({ status, assert }) => (assert.includes('unknown log') ? 404 : status));
    expect(statuses).toEqual(stated);
  });
});
