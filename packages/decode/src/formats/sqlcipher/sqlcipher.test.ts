import { readFileSync } from 'node:fs';
import { BatchWriter, type Finding, type Item, readItem } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { Unit } from '../../format.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { sqlcipher } from './index.ts';
import {
  databaseWithLog,
  encryptDatabase,
  encryptLog,
  plainDatabase,
  SALT,
  type WriteOptions,
} from './testing/write-cipher.ts';

const RAW = Buffer.alloc(32, 7);
const four = { pageSize: 4096, reserve: 80, hmac: 'sha512', kdf: 'sha512', iterations: 256_000 } as const;
const old = { pageSize: 1024, reserve: 48, hmac: 'sha1', kdf: 'sha1', iterations: 4000 } as const;
const ROWS = 600;

function database(options: WriteOptions): Buffer {
  return plainDatabase((db) => {
    db.exec(
      'CREATE TABLE talk (id INTEGER PRIMARY KEY, said TEXT); CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID',
    );
    db.exec('CREATE INDEX talk_said ON talk (said); BEGIN');
    const insert = db.prepare('INSERT INTO talk (said) VALUES (?)');
    for (let i = 0; i < ROWS - 3; i++) insert.run(`line ${i} ${'of some length '.repeat(i % 7)}`);
    db.exec("INSERT INTO keyed VALUES ('a', 1), ('b', 0.5), ('c', x'00ff'); COMMIT");
  }, options);
}

const phrase = (passphrase: string, id?: string): SuppliedKey => ({
  for: 'sqlcipher',
  passphrase,
  source: 'keyring.json',
  ...(id === undefined ? {} : { id }),
});
const hex = (bytes: Uint8Array): SuppliedKey => ({ for: 'sqlcipher', bytes, source: 'keyring.json' });

function decode(bytes: Uint8Array, ...keys: readonly SuppliedKey[]): Promise<Decoded> {
  return decodeCapture(sqlcipher, new Uint8Array(bytes), { name: 'app.db', keyring: { keys } });
}

const codes = (findings: readonly Finding[]) =>
  findings.map((one) => one.code).filter((code) => code !== 'BYTES_NOT_EXAMINED');

describe('versions and keys', () => {
  const passphrase = 'correct horse';
  const versions: [string, WriteOptions, SuppliedKey][] = [
    ['4, passphrase', { ...four, passphrase }, phrase(passphrase)],
    ['4, raw key', { ...four, rawKey: RAW }, hex(RAW)],
    ['4, key and salt', { ...four, rawKey: RAW }, hex(Buffer.concat([RAW, SALT]))],
    ['4, header in clear', { ...four, rawKey: RAW, clearHeader: 32 }, hex(Buffer.concat([RAW, SALT]))],
    ["4, key written as x'…'", { ...four, rawKey: RAW }, phrase(`x'${RAW.toString('hex')}'`)],
    ['3, passphrase', { ...old, iterations: 64_000, passphrase }, phrase(passphrase)],
    ['2, passphrase', { ...old, passphrase }, phrase(passphrase)],
    ['2 beta', { ...old, passphrase, saltMask: 0 }, phrase(passphrase)],
    ['3, raw key, pages of another size', { ...old, pageSize: 4096, rawKey: RAW }, hex(RAW)],
    ['2, big-endian', { ...old, passphrase, bigEndian: true }, phrase(passphrase)],
    [
      'stated settings',
      { pageSize: 8192, reserve: 48, hmac: 'sha256', kdf: 'sha256', iterations: 3, passphrase },
      phrase(
        passphrase,
        'cipher_page_size=8192, kdf_iter=3, cipher_kdf_algorithm=PBKDF2_HMAC_SHA256, cipher_hmac_algorithm=HMAC_SHA256',
      ),
    ],
  ];

  it.each(versions)('%s: every row, verified', async (_, options, key) => {
    const plain = database(options);
    const { items, counts, findings } = await decode(encryptDatabase(plain, options), key);
    expect(codes(findings)).toEqual([]);
    expect(counts).toEqual({ records: ROWS, decoded: ROWS, lost: 0, notCovered: 0 });
    expect(items[5]).toMatchObject({ kind: 'note', authentication: { result: 'verified' }, locator: { row: 6 } });
    expect(items[5]?.fields?.get('said')).toBe(`line 5 ${'of some length '.repeat(5)}`);
    expect(items.at(-1)?.fields).toEqual(
      new Map<string, unknown>([
        ['k', 'c'],
        ['v', Uint8Array.of(0, 255)],
        ['table', 'keyed'],
      ]),
    );
  });

  it('1 has no HMAC: decrypted, not authenticated', async () => {
    const options = { ...old, reserve: 16, hmac: null, passphrase };
    const { items, findings } = await decode(encryptDatabase(database(options), options), phrase(passphrase));
    expect(findings[0]).toMatchObject({ code: 'UNIT_UNVERIFIED', class: 'note' });
    expect(findings[0]?.detail).toContain('decrypted, not authenticated');
    expect(items).toHaveLength(ROWS);
    expect(new Set(items.map(({ authentication }) => authentication?.result))).toEqual(new Set(['none']));
  });

  it('tells a wrong key from none, from too many, and from damage', async () => {
    const options = { ...four, rawKey: RAW };
    const sealed = encryptDatabase(database(options), options);
    expect(codes((await decode(sealed, hex(Buffer.alloc(32, 8)))).findings)).toEqual(['KEY_NOT_VERIFIED']);
    expect(codes((await decode(sealed)).findings)).toEqual(['KEY_MISSING']);
    const many = Array.from({ length: 17 }, (_, i) => hex(Buffer.alloc(32, 100 + i)));
    expect(codes((await decode(sealed, ...many)).findings)).toEqual(['LIMIT_EXCEEDED']);
    const { findings } = await decode(sealed, hex(Buffer.alloc(32, 8)), hex(RAW));
    expect(codes(findings)).toEqual([]);
    const first = Buffer.from(sealed);
    first[2000]! ^= 1;
    const damaged = await decode(first, hex(RAW));
    expect(codes(damaged.findings)).toEqual(['KEY_PROVEN_THEN_DAMAGE', 'PAGE_DAMAGED']);
    expect(damaged.findings[1]).toMatchObject({ class: 'lost', records: null });
    expect(damaged.findings[1]?.detail).toContain('pages that name the tables are lost');
    // Rows of the table with rowids; the one without looks like an index.
    expect(damaged.items.map(({ fields }) => fields?.get('column2'))).toEqual(
      Array.from({ length: ROWS - 3 }, (_, i) => `line ${i} ${'of some length '.repeat(i % 7)}`),
    );
  });

  it('asked for by name reads a database in clear, and says that nothing vouches for it', async () => {
    const { items, findings } = await decode(database({ ...four, rawKey: RAW }));
    expect(items).toHaveLength(ROWS);
    expect(new Set(items.map(({ authentication }) => authentication?.mechanism))).toEqual(new Set(['none']));
    expect(codes(findings)).toEqual([]);
    expect(codes((await decode(Buffer.from('no database at all'.repeat(100)), hex(RAW))).findings)).toEqual([
      'KEY_NOT_VERIFIED',
    ]);
  });

  it('is recognised by its name and its evenness, or by its header in clear', () => {
    const names = (name: string, bytes: Uint8Array) =>
      detectFormat(probeOf(name, memorySource(new Uint8Array(bytes)))).map(({ format }) => format.name);
    const options = { ...four, rawKey: RAW };
    const plain = database(options);
    expect(names('any.sqlite', encryptDatabase(plain, options))).toContain('sqlcipher');
    expect(names('any.sqlite', plain)).not.toContain('sqlcipher');
    const padded = encryptDatabase(plain, { ...old, rawKey: RAW });
    padded.fill(0, 4096, 3 * 4096);
    expect(names('any.sqlite', padded)).toContain('sqlcipher');
    expect(names('any.bin', encryptDatabase(plain, options))).not.toContain('sqlcipher');
    expect(names('any.bin', encryptDatabase(plain, { ...options, clearHeader: 32 }))).toContain('sqlcipher');
  });
});

describe('a write-ahead log', () => {
  const options: WriteOptions = { ...four, rawKey: RAW };
  const { main, wal } = databaseWithLog(
    (db) => db.exec("CREATE TABLE talk (id INTEGER PRIMARY KEY, said TEXT); INSERT INTO talk (said) VALUES ('before')"),
    (db) => db.exec("INSERT INTO talk (said) VALUES ('after'), ('the end')"),
    options,
  );
  const sealed = encryptDatabase(main, options);
  const log = encryptLog(wal, options);
  const texts = async (logBytes: Uint8Array) => {
    const beside = (name: string) => (name === 'app.db-wal' ? memorySource(new Uint8Array(logBytes)) : null);
    const file = { name: 'in/app.db', source: memorySource(new Uint8Array(sealed)), beside };
    const { items, findings } = await decodeAll(sqlcipher, file, { keys: [hex(RAW)] });
    return { items, findings, said: items.map(({ fields }) => fields?.get('said')) };
  };

  it('is applied, and its pages authenticate like those of the database', async () => {
    const { said, items, findings } = await texts(log);
    expect(said).toEqual(['before', 'after', 'the end']);
    expect(items[2]?.locator.path).toBe('in/app.db!sqlcipher-wal');
    expect(codes(findings)).toEqual([]);
    expect((await texts(new Uint8Array(0))).said).toEqual(['before']);
  });

  it('with a page that does not authenticate shows nothing of that page', async () => {
    const damaged = Buffer.from(wal);
    const forged = encryptLog(damaged, { ...options, rawKey: Buffer.alloc(32, 1) });
    const { said, findings } = await texts(forged);
    expect(said).toEqual([]);
    expect(codes(findings)).toContain('KEY_PROVEN_THEN_DAMAGE');
    const cut = Buffer.from(log);
    cut[100]! ^= 1;
    const refused = await texts(cut);
    expect(refused.said).toEqual(['before']);
    expect(codes(refused.findings)).toEqual(['PAGE_DAMAGED']);
  });
});

describe('damage', () => {
  const options = { ...four, rawKey: RAW };
  const sealed = encryptDatabase(database(options), options);
  const isLong = process.env.CUSTODY_LONG === '1';

  /** What a row says, under whatever names: those stand on page 1. */
  const contentOf = ({ fields }: Item): string => {
    const said = fields?.get('said') ?? fields?.get('column2') ?? null;
    return JSON.stringify(said ?? [fields?.get('k') ?? null, fields?.get('v') ?? null].map(String));
  };

  /** What is given is what was written, what is missing is said, and nothing else happens. */
  async function expectHonest(bytes: Uint8Array, whole: ReadonlySet<string>): Promise<void> {
    const { items, findings, counts } = await decode(bytes, hex(RAW));
    for (const item of items) expect(whole).toContain(contentOf(item));
    expect(counts.decoded).toBe(items.length);
    if (items.length < whole.size) expect(findings.some((one) => one.class === 'lost')).toBe(true);
  }

  it('of one page costs one page, and is named with its table', async () => {
    const damaged = Buffer.from(sealed);
    damaged[8 * 4096 + 77]! ^= 0x10;
    const { items, findings } = await decode(damaged, hex(RAW));
    expect(findings[0]).toMatchObject({ code: 'KEY_PROVEN_THEN_DAMAGE', locator: { offset: 8 * 4096, length: 4096 } });
    expect(findings[1]).toMatchObject({ code: 'PAGE_DAMAGED', class: 'lost' });
    expect(findings[1]?.detail).toContain('Table talk, page 9');
    expect(items.length).toBeGreaterThan(ROWS * 0.8);
  });

  it('of page 1 leaves tables their names where the schema has further pages', async () => {
    const many = plainDatabase((db) => {
      db.exec('BEGIN');
      for (let i = 0; i < 60; i++) {
        db.exec(`CREATE TABLE kind_${i} (id INTEGER PRIMARY KEY, said TEXT /* ${'long '.repeat(20)} */)`);
        db.exec(`INSERT INTO kind_${i} (said) VALUES ('of ${i}'), ('more of ${i}')`);
      }
      db.exec('COMMIT');
    }, options);
    const damaged = encryptDatabase(many, options);
    damaged[50]! ^= 1;
    const { items, findings } = await decode(damaged, hex(RAW));
    expect(items).toHaveLength(120);
    expect(items.map(({ fields }) => fields?.get('table')).every((table) => String(table).startsWith('kind_'))).toBe(
      true,
    );
    expect(items.find(({ fields }) => fields?.get('table') === 'kind_7')?.fields?.get('said')).toBe('of 7');
    expect(findings[1]?.detail).toContain('0 of them have no name');
    // The second page of the schema instead: what it named has no name, and its rows are all there.
    const other = encryptDatabase(many, options);
    const at = (page: number) => many.subarray((page - 1) * 4096, page * 4096);
    const page = Array.from({ length: many.length / 4096 }, (_, i) => i + 1).find(
      (one) => one > 2 && at(one).includes('CREATE TABLE'),
    );
    other[((page as number) - 1) * 4096 + 50]! ^= 1;
    const second = await decode(other, hex(RAW));
    expect(second.items).toHaveLength(120);
    const names = new Set(second.items.map(({ fields }) => String(fields?.get('table')).replace(/\d+$/, '')));
    expect(names).toEqual(new Set(['kind_', 'page ']));
  });

  it('of page 1 without an HMAC is survived, too', async () => {
    const one = { ...old, reserve: 16, hmac: null, passphrase: 'correct horse' };
    const damaged = encryptDatabase(database(one), one);
    damaged[20]! ^= 1;
    const { items, findings } = await decode(damaged, phrase('correct horse'));
    expect(items.length).toBeGreaterThan(ROWS * 0.9);
    expect(findings.some(({ class: kind }) => kind === 'lost')).toBe(true);
  });

  it('anywhere, and truncation anywhere, is said; nothing that did not authenticate is shown', async () => {
    const { items } = await decode(sealed, hex(RAW));
    const whole = new Set(items.map(contentOf));
    expect(whole.size).toBe(ROWS);
    const random = new Random(4);
    for (let i = 0; i < (isLong ? 500 : 12); i++) {
      const damaged = Buffer.from(sealed);
      damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
      await expectHonest(damaged, whole);
      const { findings } = await decode(damaged, hex(RAW));
      expect(findings.some((one) => one.class !== 'note')).toBe(true);
    }
    const ends = Array.from({ length: isLong ? 200 : 6 }, () => random.below(sealed.length));
    for (let page = 0; page < sealed.length / 4096; page += isLong ? 1 : 7) ends.push(page * 4096);
    for (const end of ends) {
      await expectHonest(sealed.subarray(0, end), whole);
      const { findings } = await decode(sealed.subarray(0, end), hex(RAW));
      expect(findings.some((one) => one.class === 'lost')).toBe(true);
    }
  }, 900_000);
});

describeWithShared('samples of SQLCipher', (shared) => {
  const folder = `${shared}/samples/sqlcipher`;
  it.each(['2.0-le', '3.0', '4.0'])('version %s: 78,536 rows of t1, the first 1, 1', async (version) => {
    const bytes = readFileSync(`${folder}/sqlcipher-${version}-testkey.db`);
    const file = { name: 'app.db', source: memorySource(new Uint8Array(bytes)) };
    const { counts } = await decodeAll(sqlcipher, file, { keys: [phrase('testkey')], items: false });
    expect(counts).toEqual({ records: 78_536, decoded: 78_536, lost: 0, notCovered: 0 });
    const context = { keyring: { keys: [phrase('testkey')] }, scratch: new MemoryScratch() };
    const plan = await sqlcipher.prepare(file, context);
    const out = new BatchWriter();
    sqlcipher.open(plan, file, context).decode(plan.units[0] as Unit, out);
    expect(readItem(out.batch().items, 0).fields).toEqual(
      new Map<string, unknown>([
        ['a', 1],
        ['b', 1],
        ['table', 't1'],
      ]),
    );
  });
});
