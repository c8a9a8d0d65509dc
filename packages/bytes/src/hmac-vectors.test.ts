import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { equalBytes } from './compare-bytes.ts';
import { hexDecode } from './hex.ts';
import * as noble from './sha256-noble.ts';
import * as node from './sha256-node.ts';

interface Vectors {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly tagSize: number;
    readonly tests: readonly { tcId: number; key: string; msg: string; tag: string; result: 'valid' | 'invalid' }[];
  }[];
}

describeWithShared('Wycheproof HMAC-SHA-256', (folder) => {
  const path = `${folder}/vectors/wycheproof/hmac_sha256_test.json`;
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

  it.each([
    ['node:crypto', node],
    ['@noble/hashes', noble],
  ])('%s gives every tag of the valid cases and none of the others', (_, { hmacSha256 }) => {
    let seen = 0;
    for (const { tagSize, tests } of testGroups) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const mac = hmacSha256(hexDecode(key), hexDecode(msg)).subarray(0, tagSize / 8);
        expect(equalBytes(mac, hexDecode(tag)), `case ${tcId}`).toBe(result === 'valid');
        seen++;
      }
    }
    expect(seen).toBe(numberOfTests);
  });
});
