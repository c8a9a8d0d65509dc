import { isUtf8 } from 'node:buffer';
import { createCipheriv } from 'node:crypto';
import { expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { builtinProfiles } from '../../profile/builtin-profiles.ts';
import { layoutOf } from '../../profile/layout.ts';
import type { SealedLayout } from '../../profile/sealed-layout.ts';
import { JsonScanner } from './json-scanner.ts';
import { PayloadOpener } from './payload-opener.ts';
import { ProfileKeys } from './profile-keys.ts';

const random = new Random(11);
const keys = Array.from({ length: 3 }, (_, i) => ({
  for: 'profile:envelope-ndjson',
  id: `k-${i}`,
  bytes: random.bytes(32),
  source: 'test',
}));
const profile = builtinProfiles().find(({ name }) => name === 'envelope-ndjson');
if (profile === undefined) throw new Error('the profile is built in');
const layout = layoutOf(profile);
const sealed = layout.records[0]?.sealed as SealedLayout;

/** A line of a dump with something wrong in every third one. */
function line(i: number): string {
  const key = keys[i % 3] as (typeof keys)[number];
  const iv = random.bytes(i % 30 === 7 ? 16 : 12);
  const record = { type: 'message', id: `m-${i}`, conv: random.pick(['c-1', 'c-"2"']), from: 'amber.wren' };
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv);
  cipher.setAAD(Buffer.from(`${record.id}|${record.conv}|${record.from}`));
  const text = i % 2 === 0 ? 'x'.repeat(random.below(600)) : Buffer.from(random.bytes(random.below(90)));
  const ct = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const base64 = ct.toString('base64');
  const wrong = [
    {},
    { ct: base64.slice(0, -1) },
    { ct: `${base64.slice(0, 5)}!${base64.slice(6)}` },
    { ct: base64.slice(0, random.below(30)) },
    { ct: Buffer.from(random.bytes(40)).toString('base64') },
    { kid: 'k-9' },
    { kid: 'k-1' },
    { alg: 'other' },
    { conv: 7 },
    { conv: null },
    { iv: '' },
    { iv: 12 },
    { ct: base64.replaceAll('+', '-').replaceAll('/', '_') },
    { ct: base64.replaceAll('=', '') },
  ];
  const all = { ...record, kid: key.id, alg: 'A256GCM', iv: Buffer.from(iv).toString('base64'), ct: base64 };
  const json = JSON.stringify(i % 3 === 0 ? { ...all, ...random.pick(wrong) } : all);
  return i % 11 === 5 ? json.replaceAll('/', '\\/') : json;
}

it('gives together what it gives one by one, good records and bad', () => {
  const alone = new PayloadOpener(new ProfileKeys({ keys }, 'envelope-ndjson', true), false);
  const together = new PayloadOpener(new ProfileKeys({ keys }, 'envelope-ndjson', true));
  const scanner = new JsonScanner(layout.slots.paths, [...sealed.encoded]);
  const outcomes = new Map<string, number>();
  for (let window = 0; window < 12; window++) {
    const lines = Array.from({ length: 100 }, (_, i) => line(window * 100 + i));
    const bytes = Buffer.from(lines.join('\n'));
    const rows: { values: JsonScanner['values']; staged: number }[] = [];
    together.begin(true);
    let at = 0;
    for (const text of lines) {
      const end = at + Buffer.byteLength(text);
      scanner.values = scanner.values.another();
      if (!scanner.scan(bytes, at, end)) throw new Error(scanner.problem);
      rows.push({ values: scanner.values, staged: together.stage(scanner.values, sealed) });
      at = end + 1;
    }
    together.openStaged();
    if (window > 1) expect(rows.filter(({ staged }) => staged >= 0).length).toBeGreaterThan(60);
    for (const { values, staged } of rows) {
      const told = [alone.open(values, sealed), alone.detail, alone.keyId];
      const plain = Buffer.from(alone.bytes.subarray(alone.start, alone.end));
      const outcome = together.open(values, sealed, staged);
      expect(outcome).toBe(told[0]);
      if (outcome !== 'opened') expect([outcome, together.detail, together.keyId]).toEqual(told);
      expect(together.bytes.subarray(together.start, together.end).equals(plain)).toBe(true);
      if (together.utf8) expect(isUtf8(plain)).toBe(true);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  expect([...outcomes.keys()].sort()).toEqual(['failed', 'key-missing', 'malformed', 'opened', 'unsupported']);
});
