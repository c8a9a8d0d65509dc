import { createCipheriv, createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../byte-source.ts';
import type { SealedPayload } from '../../profile/profile.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { envelopeFormat } from './envelope-format.ts';
import { LONGEST_RECORD } from './splitter.ts';

const key = createHash('sha256').update('an invented key').digest();
const keys = [{ for: 'profile:own', bytes: key, source: 'keys.json' }];
const iv = Buffer.alloc(12, 9);

function seal(text: string | Buffer, aad = ''): { ct: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(aad));
  const ct = Buffer.concat([cipher.update(text), cipher.final()]);
  return { ct, tag: cipher.getAuthTag() };
}

const sealed: SealedPayload = {
  encoding: 'hex',
  cipher: 'aes-256-gcm',
  iv: { field: ['p', 'iv'] },
  ciphertext: { field: ['p', 'ct'] },
  tag: { field: ['p', 'tag'] },
  inner: { kind: 'text' },
};

function profile(of: Partial<SealedPayload>, container: unknown = { kind: 'ndjson' }, more: object = {}): unknown {
  const record = { kind: 'message', messageId: 'id', sealed: { ...sealed, ...of }, ...more };
  return {
    custodyProfile: 1,
    name: 'own',
    title: 't',
    basedOn: 'invented',
    platform: 'own',
    container,
    records: [record],
  };
}

function decode(profileFile: unknown, dump: string | Uint8Array, kind: 'ndjson' | 'csv' = 'ndjson'): Promise<Decoded> {
  const bytes = typeof profileFile === 'string' ? profileFile : JSON.stringify(profileFile);
  const beside = (name: string): ByteSource | null =>
    name === 'profile.json' ? memorySource(Buffer.from(bytes)) : null;
  return decodeAll(envelopeFormat(kind), { name: 'd', source: memorySource(Buffer.from(dump)), beside }, { keys });
}

function line({ ct, tag }: { ct: Buffer; tag?: Buffer }, more: object = {}): string {
  const p = { iv: iv.toString('hex'), ct: ct.toString('hex'), ...(tag && { tag: tag.toString('hex') }) };
  return `${JSON.stringify({ id: 'm', p, ...more })}\n`;
}

const bodies = ({ items }: Decoded): string[] =>
  items.map(({ body }) => new TextDecoder().decode(body ?? new Uint8Array()));
const codes = ({ findings }: Decoded): string[] => findings.map(({ code }) => code);

describe('a profile beside the dump', () => {
  it('describes nested fields, hex, and a key without an id', async () => {
    const decoded = await decode(profile({}), line(seal('hällo')));
    expect(bodies(decoded)).toEqual(['hällo']);
    expect(decoded.items[0]).toMatchObject({ platform: 'own', messageId: 'm', authentication: { result: 'verified' } });
    expect(codes(decoded)).toEqual([]);
  });

  it('describes compressed JSON inside, and refuses bombs', async () => {
    const own = profile({ compression: 'gzip', inner: { kind: 'json', body: ['m', 'text'] } });
    const inner = JSON.stringify({ m: { text: 'a "quoted"\nline é' } });
    expect(bodies(await decode(own, line(seal(gzipSync(inner)))))).toEqual(['a "quoted"\nline é']);
    const bomb = await decode(own, line(seal(gzipSync(Buffer.alloc(17 << 20)))));
    expect([codes(bomb), bomb.counts.lost]).toEqual([['LIMIT_EXCEEDED'], 1]);
    expect(codes(await decode(own, line(seal('not gzip'))))).toEqual(['RECORD_MALFORMED']);
    expect(codes(await decode(own, line(seal(gzipSync('{"m":1}')))))).toEqual(['RECORD_MALFORMED']);
  });

  it('says of a dump without tags that nothing is authenticated, and lets no noise pass for text', async () => {
    const own = profile({ tag: null });
    const decoded = await decode(own, line({ ct: seal('hello').ct }));
    expect(bodies(decoded)).toEqual(['hello']);
    expect(decoded.items[0]?.authentication?.result).toBe('not-verified');
    expect(codes(decoded)).toEqual(['UNIT_UNVERIFIED']);
    const noise = await decode(own, line({ ct: Buffer.alloc(64, 7) }));
    expect([codes(noise), noise.items, noise.counts.lost]).toEqual([['KEY_NOT_VERIFIED'], [], 1]);
  });

  it('tells versions that it does not describe', async () => {
    const own = profile({ supported: { field: 'v', values: ['1'] } });
    const dump = line(seal('one'), { v: 1 }) + line(seal('two'), { v: 2 }) + line(seal('three'), { v: 2 });
    const decoded = await decode(own, dump);
    expect(bodies(decoded)).toEqual(['one']);
    expect(decoded.findings).toMatchObject([{ code: 'UNSUPPORTED_VERSION', records: 2, locator: { row: 2 } }]);
  });

  it('authenticates the fields that it lists', async () => {
    const own = profile({ aad: [{ field: 'id' }, { text: '/' }, { field: 'n' }] });
    expect(bodies(await decode(own, line(seal('x', 'm/7'), { n: 7 })))).toEqual(['x']);
    expect(codes(await decode(own, line(seal('x', 'm/7'), { n: 8 })))).toEqual([
      'AUTHENTICATION_FAILED',
      'KEY_NOT_VERIFIED',
    ]);
    expect(codes(await decode(own, line(seal('x', 'm/7'))))).toEqual(['RECORD_MALFORMED']);
  });

  it('is refused with all its mistakes, or where it describes another container', async () => {
    await expect(decode('{', 'x')).rejects.toMatchObject({ code: 'PROFILE_INVALID' });
    await expect(decode({ custodyProfile: 2 }, 'x')).rejects.toMatchObject({ code: 'PROFILE_INVALID' });
    await expect(decode(profile({}), 'x', 'csv')).rejects.toMatchObject({ code: 'PROFILE_INVALID' });
  });

  it('names the fields of the dump that it does not use', async () => {
    const decoded = await decode(profile({}), line(seal('x'), { extra: 1, more: { deep: 2 } }).repeat(2));
    expect(codes(decoded)).toEqual(['DUPLICATE', 'BYTES_NOT_EXAMINED']);
    expect(decoded.findings[1]?.detail).toContain('"extra" (2 records), "more" (2 records)');
  });

  it('reads tables without a header, with other delimiters', async () => {
    const own = {
      ...(profile({}) as object),
      container: { kind: 'csv', delimiter: '\t', quote: "'", header: false, columns: ['who', 'when', 'what'] },
      records: [
        {
          kind: 'note',
          sender: { field: 'who', type: 'phone' },
          sentAt: { field: 'when', format: 'iso8601', zone: '+02:00', clock: 'device' },
          body: 'what',
        },
      ],
    };
    const decoded = await decode(
      own,
      "+447700900123\t2024-05-01 12:00\t'it''s\nhere'\n\n+447700900124\tlater\tx\n",
      'csv',
    );
    expect(bodies(decoded)).toEqual(["it's\nhere", 'x']);
    expect(decoded.items[0]?.sentAt).toEqual({
      utc: Date.UTC(2024, 4, 1, 10),
      raw: '2024-05-01 12:00',
      zone: '+02:00',
      precision: 'min',
      clock: 'device',
    });
    expect(decoded.items[1]?.sentAt).toMatchObject({ utc: null, raw: 'later', precision: 'unknown' });
    expect(decoded.items[1]?.locator.row).toBe(3);
  });
});

describe('odd dumps', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['noise', Uint8Array.from({ length: 5000 }, (_, i) => (i * 37) % 251)],
    ['a line that is no JSON', 'hello\n'],
  ])('%s without a profile is a plan without units and a finding', async (_what, bytes) => {
    for (const kind of ['ndjson', 'csv'] as const) {
      const file = { name: 'd', source: memorySource(Buffer.from(bytes)) };
      const decoded = await decodeAll(envelopeFormat(kind), file);
      expect([decoded.units, codes(decoded)]).toEqual([[], ['FORMAT_UNKNOWN']]);
    }
  });

  it('skips a byte order mark, blank lines and carriage returns', async () => {
    const decoded = await decode(
      profile({}),
      `\ufeff${line(seal('a')).trimEnd()}\r\n\r\n\n${line(seal('b')).trimEnd()}`,
    );
    expect([bodies(decoded), codes(decoded), decoded.counts.records]).toEqual([['a', 'b'], [], 2]);
    expect(decoded.items.map(({ locator }) => [locator.offset, locator.row])).toEqual([
      [3, 1],
      [expect.any(Number), 4],
    ]);
  });

  it('reports a record beyond the limit and goes on after it', async () => {
    const long = `{"id":"${'x'.repeat(LONGEST_RECORD)}"}\n`;
    const decoded = await decode(profile({}), line(seal('a')) + long + line(seal('b')));
    expect(bodies(decoded)).toEqual(['a', 'b']);
    expect(decoded.findings).toMatchObject([
      { code: 'LIMIT_EXCEEDED', records: 1, locator: { row: 2, length: long.length } },
    ]);
    expect(decoded.counts).toEqual({ records: 3, decoded: 2, lost: 1, notCovered: 0 });
  });

  it('keeps an authentic text that is not UTF-8 as it is, and says so', async () => {
    const decoded = await decode(profile({}), line(seal(Buffer.of(0x61, 0xff))));
    expect(decoded.items[0]?.body).toEqual(Uint8Array.of(0x61, 0xff));
    expect(codes(decoded)).toEqual(['FIELD_COERCED']);
  });

  it('tells an ambiguous record from one with a harmless double name', async () => {
    const [a] = line(seal('a')).split('\n') as [string];
    const decoded = await decode(profile({}), `${a.replace('{', '{"id":"n",')}\n${a.replace('{', '{"z":1,"z":2,')}\n`);
    expect(decoded.findings.map(({ code, class: kind }) => [code, kind]).slice(0, 2)).toEqual([
      ['RECORD_MALFORMED', 'lost'],
      ['CONFLICTING_COPIES', 'doubt'],
    ]);
    expect(bodies(decoded)).toEqual(['a']);
  });

  it('notices a copy across the cut between two units', async () => {
    const lines = Array.from({ length: 4000 }, (_, i) => line(seal('a'), { n: i }));
    const decoded = await decode(profile({}), lines.join('') + lines.at(-1));
    expect(decoded.units).toHaveLength(2);
    expect(decoded.findings.filter(({ code }) => code === 'DUPLICATE')).toMatchObject([
      { locator: { row: 4001 }, related: [{ row: 4000 }] },
    ]);
  });
});
