import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Example {
  readonly readme: string;
  /** Line of the README its first line stands on. */
  readonly line: number;
  readonly code: string;
}

/** The blocks of a README fenced as ```ts test. */
function readExamples(readme: string): Example[] {
  const text = readFileSync(join(root, readme), 'utf8');
  return [...text.matchAll(/^```ts test\n(.*?)^```$/gms)].map((match) => ({
    readme,
    line: text.slice(0, match.index).split('\n').length + 1,
    code: match[1] ?? '',
  }));
}

const readmes = globSync(['README.md', 'packages/*/README.md', 'workers/README.md', 'fixtures/README.md'], {
  cwd: root,
});
const examples = readmes.sort().flatMap(readExamples);

it('leaves no example of a README unrun', () => {
  const unmarked = readmes.filter((readme) => /^```(ts|typescript)$/m.test(readFileSync(join(root, readme), 'utf8')));
  expect(unmarked, 'mark the example as ```ts test').toEqual([]);
});

it('has examples that type-check', () => {
  // Inside the repository, so that packages resolve; a dot folder, so that no other check looks into it.
  const folder = mkdtempSync(join(root, 'test/.examples-'));
  try {
    for (const [i, { code }] of examples.entries()) writeFileSync(join(folder, `${i}.ts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, 'tsconfig.json'), '{"extends":"../../tsconfig.json","include":["*.ts"]}');
    const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const named = stdout.replace(/^.*?(\d+)\.ts\(/gm, (_, i) => `${examples[Number(i)]?.readme} (in the example, `);
    expect(named).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.each(examples.map((example) => [`${example.readme}:${example.line}`, example] as const))('%s runs', (_, example) => {
  const args = ['--conditions=source', '--input-type=module-typescript', '--eval', example.code];
  // Evaluated code resolves its imports from the working directory.
  const cwd = join(root, dirname(example.readme));
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  expect(status, stderr).toBe(0);
});
