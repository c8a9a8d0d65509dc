import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { program } from '../packages/cli/src/program.ts';
import { Lab } from './e2e/lab.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}packages/case/STANDARDS.md`, 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [RC]\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const numbered = (letter: string, n: number) => Array.from({ length: n }, (_, i) => `${letter}${i + 1}`);
const lab = new Lab('standards');
afterAll(() => lab.remove());

describe('STANDARDS.md', () => {
  it('answers every point once, in order', () => {
    expect(rows.map((cells) => cells[1])).toEqual([...numbered('R', 22), ...numbered('C', 14)]);
    for (const cells of rows) expect(cells, cells[1]).toHaveLength(7);
  });

  it('names only tests and pages that are there', () => {
    const named = [...page.matchAll(/`((?:packages|test|fixtures)\/[^`]+)`/g)].map(([, path]) => path as string);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it('names only commands and flags that are there', () => {
    const known = new Map(
      program().commands.flatMap((one) => [one.name(), ...one.aliases()].map((name) => [name, one])),
    );
    const named = [...page.matchAll(/`custody ([a-z]+)(?: (--[a-z-]+))?`/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [text, verb, flag] of named) {
      const flags = known.get(verb as string)?.options.map((one) => one.long);
      expect(flags, text).toBeDefined();
      if (flag !== undefined) expect(flags, text).toContain(flag);
    }
  });

  it('has its R4: each entry says on which machine and system', async () => {
    await lab.json('init', '--case', lab.path('case'), '--title', 'where');
    const [first] = await lab.lines<{ tool: object }>('log', '--case', lab.path('case'));
    expect(first?.tool).toMatchObject({
      machine: hostname(),
      system: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    });
  });
});
