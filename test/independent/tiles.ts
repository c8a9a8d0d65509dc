/** C2SP tlog-tiles and tlog-cosignature read a second time, by their formulas. Imports nothing of custody. */
import { createPublicKey, verify } from 'node:crypto';
import { u16 } from './fields.ts';
import { merkleTreeHash } from './tree.ts';

/** Every resource below `<prefix>/tile/` that a log of these entries has at its present size. */
export function tilesOf(entries: readonly Uint8Array[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let level = 0; 256 ** level <= entries.length; level++) {
    const span = 256 ** level;
    const members = Math.floor(entries.length / span);
    for (let start = 0; start < members; start += 256) {
      const width = Math.min(256, members - start);
      // MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])
      const hashes = Array.from({ length: width }, (_, i) =>
        merkleTreeHash(entries.slice((start + i) * span, (start + i + 1) * span)),
      );
      files.set(`tile/${level}/${path(start / 256, width)}`, Buffer.concat(hashes));
    }
  }
  for (let start = 0; start < entries.length; start += 256) {
    const bundle = entries.slice(start, start + 256).flatMap((entry) => [u16(entry.length), entry]);
    files.set(`tile/entries/${path(start / 256, bundle.length / 2)}`, Buffer.concat(bundle));
  }
  return files;
}

function path(n: number, width: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0');
  const groups = digits.match(/.../g) ?? [];
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === 256 ? name : `${name}.p/${width}`;
}

/** The time that a witness states on a note, after its signature was checked; null where it did not sign. */
export function cosignedAt(note: string, name: string, publicKey: Uint8Array): bigint | null {
  const [text = '', lines = ''] = note.split(/(?<=\n)\n/);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  for (const line of lines.split('\n')) {
    const [, who, encoded] = line.split(' ');
    if (who !== name) continue;
    const bytes = Buffer.from(encoded as string, 'base64');
    const time = bytes.readBigUInt64BE(4);
    const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    if (bytes.length === 76 && verify(null, message, key, bytes.subarray(12))) return time;
  }
  return null;
}
