import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { readSourceTree } from './boundaries/source-tree.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What a browser must be able to run. */
const ENTRIES = [
  '@custody/bytes',
  '@custody/evidence',
  '@custody/chain',
  '@custody/entities',
  '@custody/exhibit/verify',
];
const VIRTUAL = join(root, 'test/browser-entry.js');

const present = new Set(
  readSourceTree().flatMap(({ files, description }) =>
    files.length === 0 ? [] : Object.keys(description.exports ?? {}).map((key) => description.name + key.slice(1)),
  ),
);

/** One script that leaves the module's namespace in `bundled`, resolved as a browser's bundler would. */
async function bundle(specifier: string): Promise<{ code: string; foreign: string[] }> {
  const build = await rolldown({
    input: VIRTUAL,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === VIRTUAL ? id : id.startsWith('node:') ? { id, external: true } : null),
        load: (id) => (id === VIRTUAL ? `export * from '${specifier}';` : null),
      },
    ],
  });
  const { output } = await build.generate({ format: 'iife', name: 'bundled' });
  await build.close();
  const [{ code, imports }] = output;
  return { code, foreign: imports };
}

describe.each(ENTRIES.filter((entry) => present.has(entry)))('%s in a browser', (entry) => {
  it('needs nothing of Node: loads where there is only the web platform', async () => {
    const { code, foreign } = await bundle(entry);
    expect(foreign).toEqual([]);
    const web = { TextEncoder, TextDecoder, URL, crypto, atob, btoa, performance, console, structuredClone };
    const context = createContext({ ...web });
    new Script(`${code}\nnames = Object.keys(bundled);`).runInContext(context);
    expect((context as { names: string[] }).names).not.toEqual([]);
  });
});
