import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';

function folderOf(name: string): (file: string) => Uint8Array | null {
  const folder = new URL(`../../../../../fixtures/${name}/`, import.meta.url);
  return (file) => {
    try {
      return readFileSync(new URL(file, folder));
    } catch {
      return null;
    }
  };
}

/** As a folder is taken in: the profile beside the file says what the file is. */
async function decode(read: (file: string) => Uint8Array | null, name: string): Promise<Decoded & { format: string }> {
  const { keys } = readKeyFiles([{ name: 'keyring.json', bytes: read('keyring.json') as Uint8Array }], () => null);
  const source = memorySource(read(name) as Uint8Array);
  const beside = (other: string) => {
    const bytes = read(`${name.slice(0, name.lastIndexOf('/') + 1)}${other}`);
    return bytes === null ? null : memorySource(bytes);
  };
  const [first] = detectFormat(probeOf(name, source, { beside, keyring: { keys } }));
  if (first === undefined) throw new Error(`nothing recognises ${name}`);
  return { ...(await decodeAll(first.format, { name, source, beside }, { keys })), format: first.format.name };
}

const truthOf = (read: (file: string) => Uint8Array | null) =>
  JSON.parse(Buffer.from(read('truth.json') ?? []).toString());
const withCode = ({ findings }: Decoded, code: string) => findings.filter((finding) => finding.code === code);

describe('the sky-like scenario', () => {
  const read = folderOf('sky-like');
  const truth = truthOf(read);

  it('opens every message of the first delivery', async () => {
    const decoded = await decode(read, 'delivery-1/delivery-1.sql');
    expect(decoded.format).toBe('envelope-sql');
    expect(decoded.counts).toMatchObject({ records: truth['delivery-1.sql'].records, lost: 0 });
    expect(decoded.items.every(({ authentication }) => authentication?.result === 'verified')).toBe(true);
    const bySender: Record<string, number> = {};
    for (const { sender } of decoded.items) bySender[sender?.value ?? ''] = (bySender[sender?.value ?? ''] ?? 0) + 1;
    expect(bySender).toEqual(truth.messagesBySender);
    expect(decoded.findings).toEqual([]);
  });

  it('names what the second delivery left out, doubled and changed', async () => {
    const decoded = await decode(read, 'delivery-2/delivery-2.csv');
    const { records, items, lost } = truth['delivery-2.csv'];
    expect(decoded.counts).toEqual({ records, decoded: items, lost, notCovered: 0 });
    expect(withCode(decoded, 'AUTHENTICATION_FAILED')).toHaveLength(truth.counts.rewritten);
    expect(withCode(decoded, 'DUPLICATE')).toHaveLength(truth.counts.doubled);
    const gaps = withCode(decoded, 'SEQUENCE_GAP').reduce((sum, { records: missing }) => sum + (missing ?? 0), 0);
    expect(gaps).toBe(truth.counts.dropped);
    const ids = new Set(decoded.items.map(({ messageId }) => messageId));
    for (const id of [...truth.planted.dropped, ...truth.planted.rewritten]) expect(ids.has(id)).toBe(false);
  });
});

describe('the anom-like scenario', () => {
  const read = folderOf('anom-like');
  const truth = truthOf(read);

  it('opens the copies that nobody altered, with their coordinates', async () => {
    const decoded = await decode(read, 'delivery/export.json');
    const { records, items, lost } = truth;
    expect(decoded.counts).toEqual({ records, decoded: items, lost, notCovered: 0 });
    expect(withCode(decoded, 'AUTHENTICATION_FAILED')).toHaveLength(lost);
    expect(withCode(decoded, 'SEQUENCE_GAP')).toEqual([]);
    const places = decoded.items.map(({ fields }) => fields as ReadonlyMap<string, string>);
    for (const { latitude, longitude, within, messages } of truth.messagesByPlace) {
      const near = (value: string | undefined, centre: number) => Math.abs(Number(value) - centre) <= within + 1e-9;
      const found = places.filter((at) => near(at.get('latitude'), latitude) && near(at.get('longitude'), longitude));
      expect(found).toHaveLength(messages);
    }
    expect(decoded.items[0]?.authentication).toMatchObject({
      mechanism: 'key agreement on x25519, hmac-sha256 cut to 16 bytes, aes-cbc',
      result: 'verified',
    });
  });
});
