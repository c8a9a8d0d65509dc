import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../format.ts';
import { detectFormat, formatByName, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { compareRecords } from './compare-records.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const bytesOf = (text: string) => memorySource(new TextEncoder().encode(text));
const rowHash = (...cells: string[]) => sha256(cells.map((cell) => `${cell}\n`).join('')).slice(0, 16);

function delivery(files: Readonly<Record<string, string>>, name: string): CaptureFile {
  const open = (path: string) => (files[path] === undefined ? null : bytesOf(files[path]));
  return { name, source: bytesOf(files[name] ?? ''), beside: open, folder: { names: Object.keys(files), open } };
}

function check(files: Readonly<Record<string, string>>, name: string): Promise<Decoded> {
  return decodeAll(formatByName('delivery-manifest'), delivery(files, name));
}

const said = ({ findings }: Decoded) =>
  findings.map(({ code, locator, detail }) => `${code} ${locator?.path} ${detail}`);

describe('a list of sha256sum', () => {
  const a = 'one\n';
  const list = `${sha256(a)}  ./a.txt\n${sha256('two')} *b.txt\n${sha256('x')}  gone.txt\n`;

  it('is recognised, and each file held against it', async () => {
    const files = { 'a.txt': a, 'b.txt': 'not two', SHA256SUMS: list };
    const file = delivery(files, 'SHA256SUMS');
    const [first] = detectFormat(probeOf('SHA256SUMS', file.source, { beside: file.beside }));
    expect(first?.format.name).toBe('delivery-manifest');
    const decoded = await check(files, 'SHA256SUMS');
    expect(decoded.counts).toEqual({ records: 3, decoded: 3, lost: 0, notCovered: 0 });
    expect(decoded.items.map(({ fields }) => fields?.get('agrees'))).toEqual([true, false, false]);
    expect(said(decoded)).toEqual([
      `CONFLICTING_COPIES b.txt the file has SHA-256 ${sha256('not two')}, the manifest states ${sha256('two')}`,
      'REFERENCED_BUT_ABSENT gone.txt the manifest lists this file, and the delivery does not have it',
    ]);
  });

  it('is told where a line of it cannot be read', async () => {
    const decoded = await check({ SHA256SUMS: `${list}nonsense\n` }, 'SHA256SUMS');
    expect(said(decoded)).toEqual([
      'RECORD_MALFORMED SHA256SUMS the manifest is not read: line 4 is no SHA-256 with a path',
    ]);
  });
});

describe('manifest.json', () => {
  const table = 'id;text\r\n1;a\r\n2;b\r\n3;c\r\n';
  const columns = [
    { name: 'id', sha256: sha256('1\n2\n3\n') },
    { name: 'text', sha256: sha256('a\nb\nc\n') },
  ];
  const entry = {
    ...{ file: 't.csv', rows: 3, columns, container: { kind: 'table', delimiter: ';', quote: '"', header: true } },
    records: { each: 1, sha256: [rowHash('1', 'a'), rowHash('2', 'b'), rowHash('3', 'c')] },
  };
  const manifest = (one: object) => JSON.stringify({ custodyManifest: 1, basedOn: 'invented', files: [one] });

  it('agrees with the file that it was made from', async () => {
    const decoded = await check({ 't.csv': table, 'manifest.json': manifest(entry) }, 'manifest.json');
    expect(said(decoded)).toEqual([]);
    expect(Object.fromEntries(decoded.items[0]?.fields ?? [])).toMatchObject({ rows: 3, rowsFound: 3, agrees: true });
  });

  it('names a column that stands twice, and a file that is another container', async () => {
    const twice = await check({ 't.csv': 'id;id\r\n1;1\r\n', 'manifest.json': manifest(entry) }, 'manifest.json');
    expect(said(twice)).toEqual([
      'CONFLICTING_COPIES t.csv the file is not as the manifest describes it: the header names a column twice: "id"',
    ]);
    const asSql = { ...entry, container: { kind: 'sql', table: 'x' } };
    const other = await check({ 't.csv': table, 'manifest.json': manifest(asSql) }, 'manifest.json');
    expect(said(other)[0]).toContain('the dump has no rows of a table "x"');
  });

  it('names the stretch where there is a hash for several records', async () => {
    const blocks = { each: 2, sha256: [rowHash('1', 'a', '2', 'b'), rowHash('3', 'c')] };
    const changed = table.replace('3;c', '3;d');
    const decoded = await check(
      { 't.csv': changed, 'manifest.json': manifest({ ...entry, records: blocks }) },
      'manifest.json',
    );
    expect(said(decoded).join('\n')).toContain('records 3 to 4 are not as the manifest states');
  });

  it('lists the mistakes of a manifest', async () => {
    const wrong = manifest({ file: 't.csv', rows: -1, colums: [] });
    const decoded = await check({ 't.csv': table, 'manifest.json': wrong }, 'manifest.json');
    expect(said(decoded)[0]).toContain('/files/0/rows: must be >= 0');
    expect(said(decoded)[0]).toContain('/files/0: must NOT have additional properties');
  });
});

it('reads any bytes as a manifest without a fault', async () => {
  const start = '{"custodyManifest":';
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
      const decoded = await check({ m: start + text }, 'm');
      expect(decoded.findings.length + decoded.items.length).toBeGreaterThan(0);
    }),
    { numRuns: 50 },
  );
});

it('finds every single change of a list', () => {
  const list = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 30 }).map((all) => all.map(String));
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), (stated, x, y) => {
      const [a, b] = [x % stated.length, y % stated.length];
      const [one, other] = [stated[a] as string, stated[b] as string];
      expect(compareRecords(stated, stated.toSpliced(a, 1)).missing).toEqual([a + 1]);
      expect(compareRecords(stated, stated.toSpliced(a, 0, one)).doubled).toEqual([a + 2]);
      const places = a === b ? [] : [a + 1, b + 1].sort((p, q) => p - q);
      expect(compareRecords(stated, stated.with(a, other).with(b, one)).moved).toEqual(places);
    }),
    { numRuns: 200 },
  );
});
