import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnchoredCase } from '../anchored-case.ts';
import { attackTable } from './attack.ts';
import { logAttacks } from './log-attacks.ts';
import { outsideAttacks } from './outside-attacks.ts';

/** Each attack is carried out on a case that the command made, and must be told by its own code. */
const scene = new AnchoredCase();
beforeAll(() => scene.build());
afterAll(() => scene.remove());

it('the case is sound before anybody touches it', async () => {
  expect(await scene.failures(scene.original)).toEqual([]);
});

describe.each([
  ['with the disk and the log key', logAttacks],
  ['with every key of the case', outsideAttacks],
])('somebody %s', (_, attacks) => {
  it.each(attacks.map((attack) => [attack.what, attack] as const))('%s', async (__, attack) => {
    const failures = await attack.carry(scene);
    expect(failures.map(({ code }) => code)).toContain(attack.code);
    const told = failures.find(({ code }) => code === attack.code);
    // A sentence for a prosecutor: words, no field names of ours, no hex.
    expect(told?.message).toMatch(/^.{30,500}$/);
    expect(told?.message).not.toMatch(/undefined|\[object|[0-9a-f]{32}|Error:/);
  });
});

it('the README of chain has this table', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../packages/chain/README.md', import.meta.url)), 'utf8');
  expect(readme).toContain(attackTable(logAttacks));
  expect(readme).toContain(attackTable(outsideAttacks));
});
