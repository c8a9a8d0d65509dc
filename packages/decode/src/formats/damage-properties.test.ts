import { describe, expect, it } from 'vitest';
import { Random } from '../../../../test/random.ts';
import type { SuppliedKey } from '../keyring.ts';
import {
  complaintOf,
  cutAtBorders,
  type DamagedCopy,
  damagedCopies,
  decodeCopy,
  withoutMembers,
} from '../testing/damage-capture.ts';
import type { Decoded } from '../testing/decode-all.ts';
import { intactApps } from '../testing/intact-apps.ts';
import type { IntactCapture } from '../testing/intact-capture.ts';
import { intactDumps } from '../testing/intact-dumps.ts';
import { intactExports } from '../testing/intact-exports.ts';

const ALL = process.env.CUSTODY_LONG === '1';
/** How many of each kind the long run tries; the ordinary run tries one. */
const COUNTS = { cut: 200, flip: 500, oversized: 200, doubled: 100 } as const;
const captures = [...(await intactApps()), ...intactExports(), ...(await intactDumps())];
const titled = captures.map((capture, i) => [`${i + 1} ${capture.format.name}`, capture] as const);

async function complaints(capture: IntactCapture, copies: Iterable<DamagedCopy>): Promise<string[]> {
  const intact = await decodeCopy(capture);
  const found: string[] = [];
  for (const { what, files } of copies) {
    let decoded: Decoded;
    try {
      decoded = await decodeCopy(capture, files);
    } catch (error) {
      found.push(`${what}: threw ${error instanceof Error ? error.stack : String(error)}`);
      continue;
    }
    const wrong = complaintOf(decoded, intact, capture.isLoose ?? false);
    if (wrong !== null) found.push(`${what}: ${wrong}`);
  }
  return found;
}

describe.each(titled)('an intact capture, %s', (_, capture) => {
  it('decodes whole', async () => {
    const { items, counts } = await decodeCopy(capture);
    expect(items.length).toBeGreaterThan(0);
    expect(counts.lost).toBe(0);
  });

  it.each(['cut', 'flip', 'oversized', 'doubled'] as const)(
    '%s at random places is accounted for',
    async (kind) => {
      const options = { random: new Random(41), count: ALL ? COUNTS[kind] : 1 };
      expect(await complaints(capture, damagedCopies(capture, kind, options))).toEqual([]);
    },
    1_800_000,
  );

  it('cut at its borders, and without the files beside it, is accounted for', async () => {
    expect(await complaints(capture, [...cutAtBorders(capture), ...withoutMembers(capture)])).toEqual([]);
  });

  it('with keys of other formats, or a wrong one, gives nothing as verified that the right key does not', async () => {
    const [intact, others] = [await decodeCopy(capture), captures.flatMap(({ keys }) => keys.slice(0, 1))];
    const own = new Set(capture.keys.map((key) => key.for));
    const wrong = capture.keys.map(
      (key): SuppliedKey => ({
        ...key,
        ...(key.passphrase === undefined ? {} : { passphrase: `${key.passphrase} not` }),
        ...(key.bytes === undefined ? {} : { bytes: key.bytes.map((byte) => byte ^ 0x20) }),
      }),
    );
    for (const keys of [[], wrong, others.filter((key) => !own.has(key.for))]) {
      const decoded = await decodeCopy(capture, capture.files, keys);
      expect(complaintOf(decoded, intact, false)).toBeNull();
    }
  });
});
