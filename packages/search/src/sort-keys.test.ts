import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteTable, hashBytes, RECORD, TAG } from './byte-table.ts';
import { sortedKeys } from './sort-keys.ts';

/** Few letters and long common beginnings, so that keys tie in their first eight bytes; zero bytes and empty keys too. */
const key = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.array(fc.constantFrom(0, 97, 255), { maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
  fc.string({ maxLength: 4 }).map((end) => new TextEncoder().encode(`https://${end}`)),
);

it('numbers distinct keys by first sight and sorts them by tag and bytes', () => {
  const table = new ByteTable();
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(3)), { maxLength: 300 }), (keys) => {
      table.clear();
      const ranks = [2, 0, 3, 1];
      const seen = new Map<string, number>();
      for (const [bytes, tag] of keys) {
        const name = `${ranks[tag]} ${Buffer.from(bytes).toString('hex')}`;
        const id = table.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length), tag);
        expect(id).toBe(seen.get(name) ?? seen.size);
        seen.set(name, id);
      }
      const spans = table.spans();
      const order = [...sortedKeys(table, ranks)].map((id) => {
        const rank = ranks[table.records[id * RECORD + TAG] as number];
        return `${rank} ${Buffer.from(table.arena.subarray(spans[id], spans[id + 1])).toString('hex')}`;
      });
      expect(order).toEqual([...seen.keys()].sort());
    }),
    { numRuns: 200 },
  );
});

it('keeps keys apart whose hashes are equal', () => {
  const table = new ByteTable();
  const keys = Array.from({ length: 3000 }, (_, i) => new TextEncoder().encode(`key number ${i}`));
  const ids = () => keys.map((bytes) => table.add(bytes, 0, bytes.length, 7, 0));
  expect(ids()).toEqual(keys.map((_, i) => i));
  expect(ids()).toEqual(keys.map((_, i) => i));
});
