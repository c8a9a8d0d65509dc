import {
  cosign,
  encodeEntryBundle,
  encodeSignatureLine,
  leafHash,
  readNote,
  signCheckpoint,
  TileTree,
  tilePath,
  tilesBetween,
} from '@custody/chain';
import { expect, it } from 'vitest';
import { signerOf } from '../chain-ports.ts';
import { cosignedAt, tilesOf } from './tiles.ts';

it.each([1, 2, 255, 256, 257, 600, 1000])('a log of %i entries has the same tiles, read twice', (size) => {
  const entries = Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i} ${'.'.repeat(i % 7)}`));
  const tree = new TileTree();
  for (const entry of entries) tree.append(leafHash(entry));
  const ours = new Map(
    tilesBetween(0, size).map((address) => {
      const members = entries.slice(address.index * 256, address.index * 256 + address.width);
      const bytes = address.level === 'entries' ? encodeEntryBundle(members) : tree.tile(address);
      return [tilePath(address), Buffer.from(bytes as Uint8Array)];
    }),
  );
  expect([...ours].sort()).toEqual([...tilesOf(entries)].sort());
});

it('the paths of large logs are the same, read twice', () => {
  // Only the addresses: the example of tlog-tiles.
  expect(tilePath({ level: 'entries', index: 1234067, width: 256 })).toBe('tile/entries/x001/x234/067');
  const [last] = [...tilesOf(Array.from({ length: 70_000 }, () => Buffer.of(1))).keys()].slice(-1);
  expect(last).toBe('tile/entries/273.p/112');
});

it('a cosignature says the same, read twice', () => {
  const log = signerOf(new Uint8Array(32).fill(4));
  const witness = signerOf(new Uint8Array(32).fill(5));
  const note = signCheckpoint({ origin: 'lab-a.example/7', size: 3n, root: new Uint8Array(32) }, log);
  const line = cosign(readNote(note).text, 1_793_000_000, { name: 'lab-b.example/w', signer: witness });
  expect(cosignedAt(note + line, 'lab-b.example/w', witness.publicKey)).toBe(1_793_000_000n);
  expect(cosignedAt(note + line, 'lab-b.example/w', log.publicKey)).toBeNull();
  expect(
    readNote(note + line)
      .signatures.map(encodeSignatureLine)
      .join(''),
  ).toBe(`${note}${line}`.split('\n\n')[1]);
});
