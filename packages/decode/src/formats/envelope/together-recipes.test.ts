import { type CipherGCMTypes, createCipheriv, hkdfSync, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { layoutOf } from '../../profile/layout.ts';
import type { Profile } from '../../profile/profile.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { envelopeFormat } from './envelope-format.ts';

type Step = Readonly<Record<string, unknown>>;
type Row = Record<string, string>;

/** What a recipe is told in, and how a server would have sealed by it. */
interface Way {
  readonly steps: readonly Step[];
  /** Bytes of the keys supplied. */
  readonly length: number;
  readonly key: (supplied: Buffer, row: Row) => Buffer;
  readonly aad: (row: Row) => Buffer;
  readonly fields: (sealed: { iv: Buffer; text: Buffer; tag: Buffer }) => Row;
}

const NAME = 'lab-made';
const HEAD = Buffer.from('v001');
const byId = { do: 'key', as: 'key', id: { field: 'kid' } };
const blob = (encoding: 'base64' | 'base64url'): Pick<Way, 'fields'> => ({
  fields: ({ iv, text, tag }) => ({ blob: Buffer.concat([HEAD, iv, text, tag]).toString(encoding) }),
});
const ofBlob = { iv: { of: 'blob', from: 4, to: 16 }, ciphertext: { of: 'blob', from: 16, to: -16 } };
const decrypt = { do: 'decrypt', as: 'text', cipher: 'aes-gcm', ...ofBlob, tag: { of: 'blob', from: -16 } };
const idAad = { aad: (row: Row) => Buffer.from(`${row.id}/${row.user}`) };
const idSteps = { aad: [{ field: 'id' }, { text: '/' }, { field: 'user' }] };
const take = (encoding: string) => ({ do: 'take', as: 'blob', from: { field: 'blob', encoding } });

const WAYS: Readonly<Record<string, Way>> = {
  'AES-128, parts in fields of their own in hex': {
    steps: [
      { do: 'take', as: 'nonce', from: { field: 'iv', encoding: 'hex' } },
      byId,
      {
        ...{ do: 'decrypt', as: 'text', cipher: 'aes-gcm', key: 'key', iv: 'nonce', ...idSteps },
        ciphertext: { field: 'ct', encoding: 'hex' },
        tag: { field: 'tag', encoding: 'hex' },
      },
    ],
    length: 16,
    key: (supplied) => supplied,
    ...idAad,
    fields: ({ iv, text, tag }) => ({
      iv: iv.toString('hex'),
      ct: text.toString('hex'),
      tag: tag.toString('hex').toUpperCase(),
    }),
  },
  'AES-192, a head that is covered too': {
    steps: [
      take('base64url'),
      { ...byId, length: 24 },
      { ...decrypt, key: 'key', aad: [{ of: 'blob', to: 4 }, { hex: 'ff00' }, { field: 'id' }] },
    ],
    length: 24,
    key: (supplied) => supplied,
    aad: (row) => Buffer.concat([HEAD, Buffer.of(255, 0), Buffer.from(row.id as string)]),
    ...blob('base64url'),
  },
  'HKDF by user, the second half of what it gives': {
    steps: [
      take('base64'),
      byId,
      { do: 'hkdf', as: 'pair', hash: 'sha256', secret: 'key', info: { field: 'user' }, length: 64 },
      { ...decrypt, key: { of: 'pair', from: 32 }, ...idSteps },
    ],
    length: 20,
    key: (supplied, row) =>
      Buffer.from(hkdfSync('sha256', supplied, '', Buffer.from(row.user as string), 64)).subarray(32),
    ...idAad,
    ...blob('base64'),
  },
  'PBKDF2 by user': {
    steps: [
      take('base64'),
      byId,
      {
        ...{ do: 'pbkdf2', as: 'made', hash: 'sha256', password: 'key', salt: { field: 'user' } },
        ...{ iterations: 10, length: 32 },
      },
      { ...decrypt, key: 'made' },
    ],
    length: 12,
    key: (supplied, row) => pbkdf2Sync(supplied, row.user as string, 10, 32, 'sha256'),
    aad: () => Buffer.alloc(0),
    ...blob('base64'),
  },
};

/** Ways in which a row is damaged. */
const DAMAGE: readonly ((row: Row, random: Random) => void)[] = [
  (row, random) => flip(row, random.pick(['blob', 'ct', 'tag', 'iv']), random),
  (row) => Object.assign(row, { id: `${row.id}x` }),
  (row) => Object.assign(row, { user: 'nobody' }),
  (row) => Object.assign(row, { kid: 'k9' }),
  (row) => Object.assign(row, { kid: 'k1' }),
  (row) => Object.assign(row, { kid: 'rare' }),
  (row) => Object.assign(row, { blob: 'YQ==', ct: 'a', tag: '00' }),
  (row) => Object.assign(row, { blob: '', ct: '', iv: '' }),
  (row) => Object.assign(row, { blob: `${row.blob}!`, ct: `${row.ct}zz` }),
];

function flip(row: Row, name: string, random: Random): void {
  const text = row[name] ?? row.blob ?? row.ct ?? '';
  const at = random.below(Math.max(1, text.length - 2));
  const other = text[at] === 'A' || text[at] === '1' ? '0' : '1';
  row[row[name] === undefined ? (row.blob === undefined ? 'ct' : 'blob') : name] =
    text.slice(0, at) + other + text.slice(at + 1);
}

function seal(way: Way, supplied: Buffer, { row, text }: { row: Row; text: Buffer }, random: Random): Row {
  const key = way.key(supplied, row);
  const iv = Buffer.from(random.bytes(12));
  const cipher = createCipheriv(`aes-${key.length * 8}-gcm` as CipherGCMTypes, key, iv);
  cipher.setAAD(way.aad(row));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return { ...row, ...way.fields({ iv, text: sealed, tag: cipher.getAuthTag() }) };
}

function profileOf(way: Way, kind: 'ndjson' | 'csv', steps: readonly Step[]): object {
  const random = new Random(1);
  const supplied = Buffer.alloc(way.length, 5);
  const record = seal(way, supplied, { row: { id: 'm1', user: 'ann', kid: 'k' }, text: Buffer.from('known') }, random);
  const keys = [{ id: 'k', hex: supplied.toString('hex') }];
  const container = kind === 'csv' ? { kind, delimiter: ',', quote: '"', header: true } : { kind };
  return {
    ...{ custodyProfile: 2, name: NAME, title: 'A layout', basedOn: 'invented', platform: 'lab' },
    container,
    records: [
      {
        ...{ kind: 'message', messageId: 'id', sender: { field: 'user', type: 'username' } },
        recipe: { steps, inner: { kind: 'text' } },
      },
    ],
    knownAnswers: [{ record, keys, expect: { outcome: 'authenticated', body: 'known' } }],
    tampered: [{ record: tamper(record), keys, expect: { outcome: 'authentication-failed' } }],
  };
}

function tamper(record: Row): Row {
  const name = record.blob === undefined ? 'ct' : 'blob';
  const text = record[name] as string;
  const at = text.length - 30 > 0 ? text.length - 30 : 0;
  return { ...record, [name]: text.slice(0, at) + (text[at] === '1' ? '0' : '1') + text.slice(at + 1) };
}

function dumpOf(rows: readonly Row[], kind: 'ndjson' | 'csv'): Buffer {
  if (kind === 'ndjson') return Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
  const names = Object.keys(rows[0] as Row);
  const lines = rows.map((row) => names.map((name) => row[name] ?? '').join(','));
  return Buffer.from([names.join(','), ...lines].join('\n'));
}

describe.each(Object.entries(WAYS))('%s', (_name, way) => {
  it.each(['ndjson', 'csv'] as const)('gives from %s together what it gives one by one', async (kind) => {
    const random = new Random(kind.length);
    const supplied = new Map(['k0', 'k1', 'k2', 'rare'].map((id) => [id, Buffer.from(random.bytes(way.length))]));
    const rows = Array.from({ length: 900 }, (_, i) => {
      const kid = i === 500 ? 'rare' : `k${random.below(3)}`;
      const row = { id: `m${i}`, user: random.pick(['ann', 'bea', 'cas']), kid };
      const text = i % 5 === 0 ? Buffer.from(random.bytes(40)) : Buffer.from('ä message '.repeat(random.below(9)));
      const sealed = seal(way, supplied.get(kid) as Buffer, { row, text }, random);
      if (i > 150 && i % 9 === 0) random.pick(DAMAGE)(sealed, random);
      return sealed;
    });
    const last = way.steps.at(-1) as Step;
    const slowly = [...way.steps.slice(0, -1), { ...last, tag: [last.tag] }];
    const [fast, slow] = [profileOf(way, kind, way.steps), profileOf(way, kind, slowly)];
    expect(layoutOf(fast as Profile).records[0]?.together).not.toBeNull();
    expect(layoutOf(slow as Profile).records[0]?.together).toBeNull();
    const keys = [...supplied].map(([id, bytes]) => ({ for: `profile:${NAME}`, id, bytes, source: 'test' }));
    const decode = (profile: object): Promise<Decoded> => {
      const beside = (name: string) =>
        name === `d.${kind}.profile.json` ? memorySource(Buffer.from(JSON.stringify(profile))) : null;
      const source = memorySource(dumpOf(rows, kind));
      return decodeAll(envelopeFormat(kind), { name: `d.${kind}`, source, beside }, { keys });
    };
    const [one, other] = [await decode(fast), await decode(slow)];
    expect(one.counts).toEqual(other.counts);
    expect(one.counts.decoded).toBeGreaterThan(800);
    expect(one.counts.lost).toBeGreaterThan(20);
    expect(one.findings).toEqual(other.findings);
    expect(one.leaves).toEqual(other.leaves);
  });
});
