import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Decode, hexDecode, hexEncode } from '@custody/bytes';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { leafHash, nodeHash, treeHash } from './tree.ts';
import { verifyConsistency, verifyInclusion } from './tree-proofs.ts';

interface Probe {
  readonly leafIdx: bigint;
  readonly treeSize: bigint;
  readonly leafHash: string | null;
  readonly root: string | null;
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: string | null;
  readonly root2: string | null;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

/** Two probes hold 2^64 - 1, which JSON.parse would round: every number is read as a bigint from its own digits. */
function readProbe(file: string): Probe {
  const exact = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? BigInt(context?.source ?? value) : value;
  return JSON.parse(readFileSync(file, 'utf8'), exact as (key: string, value: unknown) => unknown) as Probe;
}

function probesIn(folder: string): [string, Probe][] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => [name, readProbe(join(folder, name))]);
}

function bytes(text: string | null): Uint8Array {
  return text === null ? new Uint8Array(0) : base64Decode(text);
}

describeWithShared('the probes of transparency-dev/merkle', (shared) => {
  const testdata = join(shared, 'vectors/integrity/transparency-dev-merkle/testdata');
  const inclusion = probesIn(join(testdata, 'inclusion'));
  const consistency = probesIn(join(testdata, 'consistency'));

  it('are all there', () => {
    expect([inclusion.length, consistency.length]).toEqual([98, 98]);
    expect(inclusion.filter(([, probe]) => probe.leafIdx === 18446744073709551615n).length).toBe(2);
  });

  it.each(inclusion)('inclusion/%s', (_, probe) => {
    const check = () =>
      verifyInclusion({
        index: probe.leafIdx,
        size: probe.treeSize,
        leafHash: bytes(probe.leafHash),
        proof: (probe.proof ?? []).map(bytes),
        root: bytes(probe.root),
      });
    if (probe.wantErr) expect(check).toThrow(expect.objectContaining({ code: 'INCLUSION_PROOF_INVALID' }));
    else check();
  });

  it.each(consistency)('consistency/%s', (_, probe) => {
    const check = () =>
      verifyConsistency({
        size1: probe.size1,
        size2: probe.size2,
        root1: bytes(probe.root1),
        root2: bytes(probe.root2),
        proof: (probe.proof ?? []).map(bytes),
      });
    if (probe.wantErr) expect(check).toThrow(expect.objectContaining({ code: 'CONSISTENCY_PROOF_INVALID' }));
    else check();
  });
});

describeWithShared('the constants of RFC 6962', (shared) => {
  const constants = JSON.parse(readFileSync(join(shared, 'vectors/integrity/transcribed/rfc6962.json'), 'utf8')) as {
    hasher: { in?: string; left?: string; right?: string; hex: string; desc: string }[];
    leafInputs: string[];
    rootHashesBySize: string[];
  };

  it.each(constants.hasher.map((c) => [c.desc, c] as const))('%s', (_, { in: input, left, right, hex }) => {
    const found =
      left !== undefined
        ? nodeHash(hexDecode(left), hexDecode(right ?? ''))
        : input === undefined
          ? treeHash(new Uint8Array(0))
          : leafHash(hexDecode(input));
    expect(hexEncode(found)).toBe(hex);
  });

  it('roots by size', () => {
    const hashes = new Uint8Array(Buffer.concat(constants.leafInputs.map((input) => leafHash(hexDecode(input)))));
    const roots = constants.rootHashesBySize.map((_, size) => hexEncode(treeHash(hashes.subarray(0, size * 32))));
    expect(roots).toEqual(constants.rootHashesBySize);
  });
});
