import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));
const writers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /(^|\/)testing\/(write|make)-[^/]+\.ts$/.test(path),
);

/** What a file imports for use; types are no code. */
function usedBy(path: string): string[] {
  const text = readFileSync(`${root}${path}`, 'utf8');
  return [...text.matchAll(/^import (?!type )(?:[\s\S]*?from )?'([^']+)';$/gm)].map(([, from]) => from as string);
}

describe('writers of fixtures share no code with the decoder', () => {
  it('are found', () => {
    expect(writers.length).toBeGreaterThan(12);
  });

  it.each(writers)('%s', (path) => {
    // Node, packages that write the format, other writers.
    const outside = usedBy(path).filter(
      (from) => !/^node:|^(\.\.\/)+[a-z0-9-]+\/testing\/|^\.\/[a-z-]+\.ts$/.test(from) && /^[.]|^@custody\//.test(from),
    );
    expect(outside).toEqual([]);
  });
});
