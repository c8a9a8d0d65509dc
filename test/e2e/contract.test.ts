import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkerProcess } from '../../workers/src/testing/worker-process.ts';
import { type Run, readLines, runCustody } from '../run-custody.ts';
import { checkedElsewhere } from '../schema-of.ts';
import { ENVELOPE_WARRANT, envelope, Lab, type ListedItem, WHATSAPP_WARRANT, whatsApp } from './lab.ts';
import { TsaServer } from './tsa-server.ts';
import { WitnessProcess } from './witness-process.ts';

const schemas = fileURLToPath(new URL('../../packages/cli/schemas/', import.meta.url));
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const validators = new Map(
  globSync('*.schema.json', { cwd: schemas }).map((file) => [
    basename(file, '.schema.json'),
    ajv.compile(JSON.parse(readFileSync(join(schemas, file), 'utf8')) as object),
  ]),
);
const used = new Set<string>();
const redis = process.env.CUSTODY_TEST_REDIS;
if (redis === undefined) console.warn('skipped: the contract of commands on a queue: $CUSTODY_TEST_REDIS is not set');
const lab = new Lab('contract');
const tsa = new TsaServer();
const path = lab.path('case');
const exhibit = lab.path('exhibit.zip');
const keyring = join(whatsApp, 'keyring.json');
/** Everything that went to standard error. */
let spoken = '';
let verifierKey = '';
let items: ListedItem[] = [];

async function custody(...args: readonly string[]): Promise<Run> {
  const run = await lab.run(...args);
  spoken += run.stderr;
  return run;
}

/** Runs with --json: every line of stdout must be JSON of this schema. */
async function conforms<T>(schema: string, ...args: readonly string[]): Promise<{ code: number; lines: T[] }> {
  const { code, stdout, stderr } = await custody(...args, '--json');
  const lines = readLines<T>(stdout);
  expect(lines.length, stderr).toBeGreaterThan(0);
  check(schema, lines);
  return { code, lines };
}

function check(schema: string, lines: readonly unknown[]): void {
  used.add(schema);
  const validate = validators.get(schema);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  for (const line of lines) {
    if (!validate(line)) expect(ajv.errorsText(validate.errors), JSON.stringify(line).slice(0, 2000)).toBe('');
  }
}

const ingest = (capture: string, ...flags: readonly string[]) => [
  ...['ingest', '--case', path, '--warrant', WHATSAPP_WARRANT, '--keys', keyring, '--no-supplier-hash'],
  ...flags,
  capture,
];

beforeAll(async () => {
  await tsa.start();
  const { code, lines } = await conforms<{ verifierKey: string }>(
    'init',
    'init',
    '--case',
    path,
    '--title',
    'Contract',
  );
  expect(code).toBe(0);
  verifierKey = lines[0]?.verifierKey ?? '';
});
afterAll(() => {
  tsa.stop();
  lab.remove();
});

describe('exit 0: all is well', () => {
  it('warrant', async () => {
    expect((await conforms('warrant', 'warrant', '--case', path, 'add', join(whatsApp, 'warrant.json'))).code).toBe(0);
    expect((await conforms('warrant', 'authority', 'add', join(envelope, 'warrant.json'), '--case', path)).code).toBe(
      0,
    );
  });

  it('ingest, of one capture and of several, notes allowed', async () => {
    const one = await conforms('ingest', ...ingest(join(whatsApp, 'msgstore.db.crypt12')));
    expect({ code: one.code, objects: one.lines.length }).toEqual({ code: 0, objects: 1 });
    const [a, b] = [join(whatsApp, 'msgstore.db.crypt12'), join(whatsApp, 'msgstore.db.crypt15')];
    const both = await conforms<{ items: number; captures: { items: number }[] }>('ingest', ...ingest(a), b);
    expect({ code: both.code, objects: both.lines.length }).toEqual({ code: 0, objects: 1 });
    expect(both.lines[0]?.captures).toHaveLength(2);
    expect(both.lines[0]?.items).toBe(both.lines[0]?.captures.reduce((sum, one) => sum + one.items, 0));
  });

  it('status, items, findings, query, log', async () => {
    expect((await conforms('status', 'status', '--case', path)).code).toBe(0);
    const listed = await conforms<ListedItem>('item', 'items', '--case', path, '--reason', 'contract');
    items = listed.lines;
    expect(items.length).toBeGreaterThan(500);
    await conforms('finding', 'findings', '--case', path);
    await conforms('query', 'query', '--case', path, '--type', 'phone');
    const local = await conforms<{ local?: string }>(
      'query',
      'query',
      '--case',
      path,
      '--type',
      'iban',
      '--tz',
      'Europe/Berlin',
    );
    expect(local.lines.every((line) => line.local !== undefined)).toBe(true);
    await conforms('log', 'log', '--case', path);
  });

  it('timestamp, and what shows it', async () => {
    await conforms('timestamp', 'timestamp', '--case', path, '--tsa', tsa.url, '--tsa-ca', tsa.ca);
    await conforms('status', 'status', '--case', path);
    await conforms('log', 'log', '--case', path);
  });

  it('witness key, serve, ask', async () => {
    const key = lab.path('witness.key');
    await conforms('witness-key', 'witness', 'key', '--name', 'lab-b.example/witness', '--out', key);
    const terms = { key, store: lab.path('witness'), logs: [verifierKey], home: lab.folder };
    const witness = await WitnessProcess.start(terms);
    try {
      check('witness-serve', [witness.line]);
      await conforms('witness-ask', 'witness', 'ask', '--case', path, '--witness', witness.address);
      await conforms('status', 'status', '--case', path);
    } finally {
      expect(await witness.stop()).toBe(0);
    }
  });

  it('exhibit and verify', async () => {
    const item = items.find(({ disposition }) => disposition === 'in-scope') as ListedItem;
    const files = {
      redactions: { redactions: [{ item: item.index, field: 'sender', reason: 'a source', authority: 'order 7/26' }] },
      annotations: { annotations: [{ item: item.index, what: 'note', text: 'seen twice', by: 'A. Examiner' }] },
    };
    for (const [name, content] of Object.entries(files)) {
      check(name, [content]);
      writeFileSync(lab.path(`${name}.json`), JSON.stringify(content));
    }
    const about = Object.keys(files).flatMap((name) => [`--${name}`, lab.path(`${name}.json`)]);
    await conforms('exhibit', 'exhibit', '--case', path, '--items', String(item.index), ...about, '--out', exhibit);
    expect((await conforms('verify-exhibit', 'verify', exhibit, '--verifier-key', verifierKey)).code).toBe(0);
    const folder = `${exhibit}.export`;
    await conforms(
      'mark',
      'mark',
      '--case',
      path,
      '--items',
      String(item.index),
      '--as',
      'relevant',
      '--reason',
      'read',
    );
    const to = 'Defence=age1cy0su9fwf3gf9mw868g5yut09p6nytfmmnktexz2ya5uqg9vl9sss4euqm';
    const sealed = ['--items', String(item.index), '--out', `${exhibit}.age`];
    await conforms('disclose', 'disclose', '--case', path, '--to', to, ...sealed);
    await conforms('export', 'export', '--case', path, '--items', String(item.index), '--rsmf', '--out', folder);
    expect((await conforms('verify-case', 'verify', path, '--verifier-key', verifierKey)).code).toBe(0);
  });

  it('formats, detect, extract', async () => {
    await conforms('formats', 'formats');
    await conforms('doctor', 'doctor', '--case', lab.path('examined'));
    const bucket = ['--case', 's3://lab/case-7', '--originals', 's3://lab-originals/case-7'];
    await conforms('policy', 'policy', 'ingest', ...bucket);
    await conforms('detect', 'detect', join(whatsApp, 'msgstore.db.crypt14'));
    const text = 'Überweis EUR 431.000 an DE89370400440532013000 🚢 oder ruf +49 176 04069010 an';
    const input = `${JSON.stringify({ id: 'a', text, region: 'DE' })}\n${text}\n{"not": json\n`;
    const { stdout, code } = await runCustody(['extract', '--json'], { home: lab.path('home'), input });
    const lines = readLines<{ id: string; mentions: { text: string; start: number; end: number }[] }>(stdout);
    check('extract', lines);
    expect({ code, lines: lines.length, id: lines[0]?.id }).toEqual({ code: 0, lines: 3, id: 'a' });
    expect(lines[0]?.mentions.length).toBeGreaterThanOrEqual(3);
    for (const mention of lines[0]?.mentions ?? []) {
      expect(text.slice(mention.start, mention.end)).toBe(mention.text);
    }
  });
});

describe('orders', () => {
  it('a plan of what an order would destroy, and the lines of what it destroyed', async () => {
    const lane = lab.copy(path, 'ordered');
    const order = lab.path('order.json');
    const terms = { id: 'O-1', reference: 'r', issuedBy: 'Court of Example', reason: 'ordered', mode: 'derived' };
    writeFileSync(order, JSON.stringify({ ...terms, items: [items[0]?.index, items[2]?.index] }));
    expect((await conforms('expunge', 'expunge', '--case', lane, '--order', order, '--plan')).code).toBe(0);
    expect((await conforms('expunge', 'expunge', '--case', lane, '--order', order)).code).toBe(0);
    const { lines } = await conforms<object>('item', 'items', '--case', lane);
    expect(lines.filter((line) => 'expunged' in line)).toHaveLength(2);
    await conforms('status', 'status', '--case', lane);
    const again = ['decide', '--case', lane, '--items', `${items[1]?.index}`];
    const how = ['--privilege', 'suspected', '--rule', 'section 53', '--reason', 'a physician'];
    expect((await conforms('decide', ...again, ...how)).code).toBe(0);
    expect((await conforms('key', 'key', 'rotate-log', '--case', lane, '--reason', 'yearly')).code).toBe(0);
    expect((await conforms('key', 'key', 'list', '--case', lane)).code).toBe(0);
    expect((await conforms('restore', 'restore', '--check', lane, '--plan')).code).toBe(0);
    const wrong = ['correct', '--case', lane, '--entry', '1', '--text', 'what is right', '--reason', 'mistyped'];
    expect((await conforms('correct', ...wrong)).code).toBe(0);
    const prov = ['export', '--case', lane, '--prov', '--out', lab.path('prov')];
    expect((await conforms('export-prov', ...prov)).code).toBe(0);
  });
});

describe('the other exit codes', () => {
  it('1: usage, with one line of help', async () => {
    const { code } = await conforms('error', 'ingest', '--case', path, '--warrant', 'x', lab.path('nothing'));
    expect(code).toBe(4);
    expect((await conforms('error', ...ingest(lab.path('nothing')))).code).toBe(1);
    expect((await conforms('error', 'items', '--case', lab.path('no-case'))).code).toBe(1);
    expect((await conforms('error', 'query', '--case', path)).code).toBe(1);
    for (const args of [
      ['no-such-verb'],
      ['items'],
      ['ingest', '--case', path],
      ['items', '--case', path, '--nonsense'],
    ]) {
      const { code: wrong, stdout } = await custody(...args);
      expect({ wrong, stdout }).toEqual({ wrong: 1, stdout: '' });
    }
  });

  it('1: a warrant with mistakes, all at once', async () => {
    const file = lab.path('wrong.json');
    writeFileSync(file, JSON.stringify({ id: 'W', scope: { period: { from: '2024' }, target: [] } }));
    const { code, lines } = await conforms<{ error: { message: string } }>(
      'error',
      'warrant',
      '--case',
      path,
      'add',
      file,
    );
    expect(code).toBe(1);
    for (const part of ['"reference"', '"issuedBy"', '"target"', '"to"'])
      expect(lines[0]?.error.message).toContain(part);
  });

  it('2: finished with findings of class lost or doubt', async () => {
    expect((await conforms('ingest', ...ingest(join(whatsApp, 'damaged/page.db.crypt15')))).code).toBe(2);
  });

  it('3: an integrity check failed', async () => {
    const lane = lab.copy(path, 'altered');
    const file = join(lane, globSync('segments/*/*.evidence', { cwd: lane })[0] as string);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect((await conforms('verify-case', 'verify', lane)).code).toBe(3);
    const { code, stdout } = await custody('items', '--case', lane, '--json');
    expect(code).toBe(3);
    check('error', readLines(stdout).slice(-1));
    const cut = lab.path('cut.zip');
    writeFileSync(cut, readFileSync(exhibit).subarray(0, -40));
    expect((await conforms('verify-exhibit', 'verify', cut)).code).toBe(3);
    const wrong = ingest(join(whatsApp, 'msgstore.db.crypt14')).with(7, '--supplier-hash');
    const hashed = wrong.toSpliced(8, 0, `sha256:${'0'.repeat(64)}`);
    expect((await conforms('error', ...hashed)).code).toBe(3);
  });

  it('4: refused under the authority', async () => {
    const late = ingest(join(whatsApp, 'msgstore.db.crypt14'), '--acquired-at', '2030-01-01T00:00:00Z');
    expect((await conforms('error', ...late)).code).toBe(4);
  });

  it('5: a service is unavailable', async () => {
    // Port 9 of this machine: nobody listens there.
    const env = { CUSTODY_S3_ENDPOINT: 'http://127.0.0.1:9', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const secrets = { AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'unguessable-and-not-to-be-shown' };
    const options = { home: lab.path('home'), env: { ...env, ...secrets } };
    const { code, stdout, stderr } = await runCustody(['status', '--case', 's3://bucket/prefix', '--json'], options);
    spoken += stderr;
    expect(code, stderr).toBe(5);
    check('error', readLines(stdout));
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toContain('unguessable');
  });

  it('6: nothing could be decoded', async () => {
    const none = lab.path('noise');
    writeFileSync(none, Buffer.alloc(5000, 'not a capture'));
    expect((await conforms('ingest', ...ingest(none))).code).toBe(6);
    expect((await conforms('detect', 'detect', none)).code).toBe(6);
  });
});

describe.skipIf(redis === undefined)('with a queue', () => {
  const place = ['--queue', redis ?? '', '--lab', `contract-${process.pid}`];
  const queued = () =>
    ingest(join(envelope, 'dump.ndjson'), ...place)
      .with(4, ENVELOPE_WARRANT)
      .with(6, join(envelope, 'keyring.json'));

  it('ingest hands in, jobs shows, drops and brings back, status watches, resume waits', async () => {
    expect((await conforms('ingest-queued', ...queued(), '--no-wait')).code).toBe(0);
    const { lines } = await conforms<{ jobs: { id: string; state: string }[] }>('jobs', 'jobs', ...place);
    expect(lines[0]?.jobs).toMatchObject([{ hop: 'decode', state: 'waiting', reason: null }]);
    expect((await conforms('jobs', 'jobs', 'drop', lines[0]?.jobs[0]?.id ?? '', ...place)).code).toBe(0);
    expect((await conforms('jobs', 'jobs', 'retry', ...place)).lines).toEqual([{ retried: [] }]);
    expect((await custody('jobs', 'drop', 'ffffffff', ...place)).code).toBe(1);
    const env = { CUSTODY_IDENTITY: lab.identity };
    const worker = new WorkerProcess(['--redis', redis ?? '', '--lab', `contract-${process.pid}`], env);
    const [watched, resumed] = await Promise.all([
      conforms<{ complete: boolean }>('status-watch', 'status', '--case', path, '--watch', ...place),
      custody('resume', '--case', path, ...place, '--json'),
    ]);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(watched.lines.at(-1)).toMatchObject({ complete: true });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(readLines(resumed.stdout)).toMatchObject([{ resumed: [{ items: 412 }] }]);
  });
});

describe('what is said on standard error', () => {
  it('is no key, no password and no content', () => {
    const secret = [
      readFileSync(join(whatsApp, 'root-key.txt'), 'utf8').trim(),
      readFileSync(join(whatsApp, 'key')).toString('hex').slice(-64),
      readFileSync(lab.identity, 'utf8').trim().split('\n').at(-1) as string,
      ...items.map(({ body }) => body).filter((body): body is string => (body?.length ?? 0) > 12),
    ];
    expect(secret.length).toBeGreaterThan(100);
    expect(spoken).not.toBe('');
    for (const one of secret) expect(spoken.toLowerCase().includes(one.toLowerCase()), one.slice(0, 8)).toBe(false);
  });
});

describe('the schemas', () => {
  it('were all held against real output', () => {
    const ofQueues = new Set(['ingest-queued', 'jobs', 'status-watch']);
    const here = [...validators.keys()].filter((name) => !checkedElsewhere.includes(name));
    const expected = here.filter((name) => redis !== undefined || !ofQueues.has(name));
    expect([...used].sort()).toEqual(expected.sort());
  });
});
