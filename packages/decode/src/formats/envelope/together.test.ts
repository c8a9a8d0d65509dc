import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateDump } from '../../../../../fixtures/envelope/generate-dump.ts';
import { recipeProfile } from '../../../../../fixtures/envelope/recipe-profile.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { builtinProfiles } from '../../profile/builtin-profiles.ts';
import { layoutOf } from '../../profile/layout.ts';
import type { Profile } from '../../profile/profile.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { envelopeFormat } from './envelope-format.ts';

type Step = Record<string, unknown>;

/** Ways in which single records of a dump differ from what the others are, each on a line of its own. */
const CHANGES: readonly ((line: string) => string)[] = [
  (line) => line.replace(/"ct":"./, '"ct":"_'),
  (line) => line.replace(/"ct":"(.)(.)/, '"ct":"$2$1'),
  (line) => line.replace(/"ct":"/, '"ct":" '),
  (line) => line.replace(/"ct":"[^"]*"/, '"ct":""'),
  (line) => line.replace(/"ct":"(.)/, '"ct":"\\u00$1'),
  (line) => line.replace(/"iv":"[^"]{4}/, '"iv":"'),
  (line) => line.replace(/"kid":"[^"]*"/, '"kid":"nobody"'),
  (line) => line.replace(/"kid":"[^"]*",/, ''),
  (line) => line.replace(/"conv":"/, '"conv":"x'),
  (line) => line.replace(/"conv":"[^"]*",/, ''),
  (line) => line.replace(/"alg":"[^"]*"/, '"alg":"other"'),
  (line) => line.replace(/=+"/, '"'),
  (line) => `${line}\n${line}`,
];

it('gives the same leaves where records are opened together as one by one, whatever is wrong with some', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'custody-together-'));
  try {
    const { dump, keyring } = generateDump({ messages: 700, seed: 3, format: 'ndjson' }, folder);
    const { keys } = readKeyFiles([{ name: 'keyring.json', bytes: readFileSync(keyring) }], () => null);
    const lines = readFileSync(dump, 'utf8').split('\n');
    const sealed = lines.flatMap((line, i) => (line.includes('"ct"') && i > 200 ? [i] : []));
    CHANGES.forEach((change, i) => {
      const at = sealed[i * 20] as number;
      const changed = change(lines[at] as string);
      expect(changed, String(i)).not.toBe(lines[at]);
      lines[at] = changed;
    });
    const builtin = builtinProfiles().find(({ container }) => container.kind === 'ndjson') as object;
    const fast = recipeProfile('ndjson', builtin) as Profile;
    const slow = structuredClone(fast) as unknown as { records: { recipe?: { steps: Step[] } }[] };
    const last = slow.records[0]?.recipe?.steps.at(-1) as Step;
    last.tag = [last.tag];
    const together = (profile: object) => layoutOf(profile as Profile).records[0]?.together;
    expect(together(fast)).not.toBeNull();
    expect(together(slow)).toBeNull();
    const decode = (profile: object): Promise<Decoded> => {
      const bytes = Buffer.from(JSON.stringify(profile));
      const beside = (name: string) => (name === 'd.ndjson.profile.json' ? memorySource(bytes) : null);
      const source = memorySource(Buffer.from(lines.join('\n')));
      return decodeAll(envelopeFormat('ndjson'), { name: 'd.ndjson', source, beside }, { keys });
    };
    const [one, other] = [await decode(fast), await decode(slow)];
    expect(one.counts).toEqual(other.counts);
    expect(one.counts.lost).toBeGreaterThan(8);
    expect(one.findings).toEqual(other.findings);
    expect(one.leaves).toEqual(other.leaves);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
