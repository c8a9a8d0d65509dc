import { describe, expect, it } from 'vitest';
import { findCycles, reachable } from './file-cycles.ts';
import { readFloorTable } from './floor-table.ts';
import { dependencyFaults, importFaults } from './import-rules.ts';
import { readSourceFacts } from './source-facts.ts';
import type { PackageDescription, SourcePackage } from './source-tree.ts';

const TABLE = `
| floor | package | knows | may import | must not know |
| --- | --- | --- | --- | --- |
| 0 | sand | grains | – | castles |
| 1 | wall | stones | sand | towers |
| 1 | moat | water | sand | walls |
| 2 | tower | height | sand, wall | moats |
| 3 | castle | all of it | all below | guests |
| 4 | gate | who comes | castle and below | – |
`;
const table = readFloorTable(TABLE);
const ROOT: PackageDescription = { name: 'root', devDependencies: { vitest: '1.0.0' } };

function towerWith(source: string, file = 'src/keep.ts', dependencies: Record<string, string> = {}): SourcePackage {
  const description = { name: '@custody/tower', dependencies, imports: { '#stone': './src/stone.ts' } };
  const path = `packages/tower/${file}`;
  const isTest = path.endsWith('.test.ts');
  return {
    name: 'tower',
    folder: 'packages/tower',
    description,
    files: [{ path, isTest, ...readSourceFacts(path, source) }],
  };
}

function faults(source: string, file?: string, dependencies?: Record<string, string>): string[] {
  return importFaults(towerWith(source, file, dependencies), table.get('tower')!, ROOT);
}

describe('the floor table', () => {
  it('reads lists, "all below" and "NAME and below"', () => {
    expect([...table.get('sand')!.mayImport]).toEqual([]);
    expect([...table.get('tower')!.mayImport]).toEqual(['sand', 'wall']);
    expect([...table.get('castle')!.mayImport].sort()).toEqual(['moat', 'sand', 'tower', 'wall']);
    expect([...table.get('gate')!.mayImport].sort()).toEqual(['castle', 'moat', 'sand', 'tower', 'wall']);
  });

  it('refuses a row that looks sideways, upwards or at nothing', () => {
    for (const cell of ['moat', 'tower', 'dungeon']) {
      expect(() => readFloorTable(TABLE.replace('| stones | sand |', `| stones | ${cell} |`))).toThrow(
        /may not import/,
      );
    }
    expect(() => readFloorTable('no table')).toThrow();
  });
});

describe('imports', () => {
  it.each([
    ["import { a } from '@custody/moat';", 'may not import @custody/moat'],
    ["import type { A } from '@custody/moat/deep';", 'may not import @custody/moat/deep'],
    ["export { a } from '@custody/castle';", 'may not import @custody/castle'],
    ["const a = await import('@custody/moat');", 'may not import @custody/moat'],
    ["type A = import('@custody/moat').A;", 'may not import @custody/moat'],
    ["import { a } from '@custody/tower';", 'its own package'],
    ["import { a } from '../../wall/src/stone.ts';", 'leaves the package'],
    ["new Worker(new URL('../../wall/src/stone.ts', import.meta.url));", 'leaves the package'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is what is tested
    ['new URL(`../../wall/src/stone${suffix}`, import.meta.url);', 'leaves the package'],
    ["import { a } from './testing/stone.ts';", 'is for tests only'],
    ["new URL(up ? '../../wall/src/stone.ts' : './stone.js', import.meta.url);", 'leaves the package'],
    ["new URL('./stone.ts', import.meta.url);", 'is not there once built'],
    ["import { a } from './stone.js';", 'does not end in .ts'],
    ["import { readFile } from 'fs';", 'write node:fs'],
    ["import { a } from '#mortar';", 'is not in "imports"'],
    ["import { a } from 'stones';", 'stones is not in'],
    ["import { it } from 'vitest';", 'vitest is not in'],
    ["import { a } from '@custody/wall';", '@custody/wall is not in'],
  ])('refuses %s', (source, fault) => {
    expect(faults(source)).toEqual([expect.stringContaining(fault)]);
    expect(faults(`\n${source}`)[0]).toMatch(/^packages\/tower\/src\/keep\.ts:2: /);
  });

  it('lets the rest pass, and tests see test tools', () => {
    const fine = ["'./stone.ts'", "'#stone'", "'node:fs'", "'@custody/wall/stone'", "'stones/big'"];
    const worker = "new URL(import.meta.url.endsWith('.ts') ? './stone.ts' : './stone.js', import.meta.url);";
    const source = [...fine.map((specifier, i) => `import { a${i} } from ${specifier};`), worker].join('\n');
    expect(faults(source, 'src/keep.ts', { '@custody/wall': '1.0.0', stones: '1.0.0' })).toEqual([]);
    expect(faults("import { it } from 'vitest'; import { r } from '../../../test/r.ts';", 'src/keep.test.ts')).toEqual(
      [],
    );
  });

  it('compares dependencies with the table and with use', () => {
    const pack = towerWith("import 'stones';", 'src/keep.ts', { stones: '1', sticks: '1', '@custody/moat': '1' });
    expect(dependencyFaults(pack, table.get('tower')!)).toEqual([
      expect.stringContaining('sticks is not used'),
      expect.stringContaining('@custody/moat is not in its row'),
    ]);
  });
});

describe('source facts', () => {
  it('sees any, export *, default exports and what an index may not hold', () => {
    const source = [
      "export * from './a.ts';",
      "export { b, type C } from './b.ts';",
      'export default 1;',
      'let x: any[];',
      'export const y = 2;',
    ].join('\n');
    const facts = readSourceFacts('x.ts', source);
    expect(facts).toMatchObject({
      lines: 5,
      exportsAll: [1],
      defaultExports: [3],
      anys: [4],
      notListing: [1, 3, 4, 5],
    });
  });

  it('measures functions of every form, and knows arguments', () => {
    const source = 'function a() {\n}\nconst b = () => {\n\n};\nclass C {\n  d() {\n  }\n}\nrun(() => {\n});\n';
    expect(readSourceFacts('x.ts', source).functions).toEqual([
      { line: 1, lines: 2, isArgument: false },
      { line: 3, lines: 3, isArgument: false },
      { line: 7, lines: 2, isArgument: false },
      { line: 10, lines: 2, isArgument: true },
    ]);
  });
});

describe('graphs', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
    ['e', ['e']],
  ]);

  it('finds each cycle once', () => {
    expect(findCycles(graph)).toEqual([
      ['a', 'b', 'c', 'a'],
      ['e', 'e'],
    ]);
  });

  it('finds what can be reached', () => {
    expect([...reachable(graph, ['b'])].sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});
