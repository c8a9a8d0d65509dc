import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinksBuilder } from './links-builder.ts';
import { LinksIndex } from './links-index.ts';

type Row = {
  readonly leaf: number;
  readonly ms: number | null;
  readonly basis: 'metadata' | 'mentioned';
  readonly names: readonly string[];
};

function indexOf(rows: readonly Row[]): { links: LinksIndex; bytes: Uint8Array } {
  const builder = new LinksBuilder();
  for (const { leaf, ms, basis, names } of rows) {
    const nodes = names.map((name) => builder.node(name.slice(0, 1), name));
    builder.add(leaf, ms ?? Number.NaN, basis, nodes);
  }
  const bytes = builder.encode();
  return { links: new LinksIndex(bytes), bytes };
}

/** The same by looking at every row. */
function naive(
  rows: readonly Row[],
  name: string,
): Map<string, { items: number[]; first: number | null; last: number | null }> {
  const out = new Map<string, { items: number[]; first: number | null; last: number | null }>();
  for (const { leaf, ms, basis, names } of rows) {
    if (!names.includes(name)) continue;
    for (const other of new Set(names)) {
      if (other === name) continue;
      const link = out.get(`${basis} ${other}`) ?? { items: [], first: null, last: null };
      link.items.push(leaf);
      if (ms !== null) {
        link.first = Math.min(link.first ?? ms, ms);
        link.last = Math.max(link.last ?? ms, ms);
      }
      out.set(`${basis} ${other}`, link);
    }
  }
  return out;
}

const row = fc.record({
  ms: fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null }),
  basis: fc.constantFrom('metadata' as const, 'mentioned' as const),
  names: fc.array(fc.constantFrom('a1', 'a2', 'b1', 'b22', 'bé', 'c', 'c\u0000'), { maxLength: 5 }),
});

describe('the links index', () => {
  it('gives what looking at every row gives, each identifier by its number and by its name', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (list) => {
        const rows = list.map((one, leaf) => ({ ...one, leaf: leaf * 3 }));
        const { links } = indexOf(rows);
        for (const name of ['a1', 'b22', 'bé', 'c', 'c\u0000']) {
          const expected = naive(rows, name);
          const node = links.find(name.slice(0, 1), name);
          const found = node < 0 ? [] : links.linksOf(node);
          const shown = found.map((link) => {
            const { value } = links.node(link.to);
            const times = [link.first, link.last].map((ms) => (Number.isNaN(ms) ? null : ms));
            return [
              `${link.basis} ${value}`,
              { items: links.itemsOf(link.groups, 1000), first: times[0], last: times[1] },
            ];
          });
          expect(new Map(shown as [string, object][])).toEqual(expected);
          for (const link of found) expect(links.find(links.typeOf(link.to), links.node(link.to).value)).toBe(link.to);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('counts neighbours of a type by metadata, and finds the stretch of a type', () => {
    const { links } = indexOf([
      { leaf: 1, ms: 5, basis: 'metadata', names: ['a1', 'b1', 'c'] },
      { leaf: 2, ms: 6, basis: 'metadata', names: ['a1', 'b22'] },
      { leaf: 3, ms: 7, basis: 'mentioned', names: ['a1', 'bé'] },
    ]);
    expect(links.degree(links.find('a', 'a1'), 'b')).toBe(2);
    const [from, to] = links.range('b');
    expect(to - from).toBe(3);
    expect(links.itemsOfNode(links.find('a', 'a1'), 'metadata', 1)).toEqual({ items: [1], count: 2 });
    expect(links.find('b', 'nobody')).toBe(-1);
    expect(links.find('z', 'a1')).toBe(-1);
  });

  it('refuses bytes that are none, whatever their length says', () => {
    const { bytes } = indexOf([{ leaf: 1, ms: 5, basis: 'metadata', names: ['a1', 'b1', 'c'] }]);
    for (let length = 0; length < bytes.length; length++)
      expect(() => new LinksIndex(bytes.slice(0, length))).toThrow();
    const large = bytes.slice();
    large.fill(0xff, 16, 48);
    expect(() => new LinksIndex(large)).toThrow(/length/);
  });
});
