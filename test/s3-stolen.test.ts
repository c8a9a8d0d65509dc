import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import {
  type Case,
  exportItems,
  type ItemJson,
  listItems,
  loadOrCreatePerson,
  makeOrdered,
  openCase,
  orderExhibit,
  queryCase,
} from '@custody/case';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodingsOf } from './encodings-of.ts';
import { fixtureCase, ingestFixture, s3Place, whatsAppFixtures } from './fixture-case.ts';
import { openedMembers } from './opened-members.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: searching stolen buckets: $CUSTODY_TEST_S3 is not set');

const prefix = `stolen-${randomBytes(6).toString('hex')}`;
const { location, env } = s3Place(server ?? 'http://-', prefix);
const locked = `stolen-${randomBytes(6).toString('hex')}`;
const CAPTURES = ['msgstore.db.crypt15', 'msgstore.db.crypt14'];
const kept = { ...process.env };
let folder = '';
let opened: Case;

beforeAll(async () => {
  if (server === undefined) return;
  Object.assign(process.env, env);
  folder = await mkdtemp(join(tmpdir(), 'custody-stolen-'));
  await client().makeBucket(locked, 'us-east-1', { ObjectLocking: true });
  const person = await loadOrCreatePerson({ name: 'Examiner Example' }, join(folder, 'identity.txt'));
  const lock = { mode: 'GOVERNANCE', days: 1, hold: false } as const;
  opened = await fixtureCase(location, person, [], { location: `s3://${locked}/${prefix}`, lock });
  for (const name of CAPTURES) await ingestFixture(opened, name, { threads: 1 });
  // Looking leaves a trace, too: what was asked for must not be legible in it.
  for await (const _ of queryCase(opened, { type: 'phone', reason: 'a reason of the examiner' })) break;
  await orderAndExport();
  opened = await openCase(location, { person });
});
afterAll(async () => {
  process.env = kept;
  if (folder !== '') await rm(folder, { recursive: true });
});

/** What else leaves something of content in the store: an exhibit made by a worker, and the record of an export. */
async function orderAndExport(): Promise<void> {
  const items: number[] = [];
  for await (const { index, disposition } of listItems(opened, {})) if (disposition === 'in-scope') items.push(index);
  const chosen = items.slice(0, 40);
  const order = {
    items: chosen,
    context: 0,
    redact: [],
    selection: ['the words of a selection'],
    producer: 'Examiner Example',
  };
  expect(await makeOrdered(opened, await orderExhibit(opened, order))).toBeTruthy();
  const terms = { formats: ['parquet'], items: chosen, redact: [], selection: ['the words of a selection'] };
  await exportItems(opened, { ...terms, out: join(folder, 'tables'), reason: 'a reason of the examiner' });
}

function client(): Client {
  const url = new URL(server ?? '');
  const place = { endPoint: url.hostname, port: Number(url.port), useSSL: false, region: 'us-east-1' };
  return new Client({ ...place, accessKey: url.username, secretKey: url.password });
}

/** Every version of every object in both buckets, with its key. */
async function stolen(): Promise<Map<string, Buffer>> {
  const s3 = client();
  const loot = new Map<string, Buffer>();
  for (const bucket of [new URL(server ?? '').pathname.slice(1), locked]) {
    for await (const object of s3.listObjects(bucket, `${prefix}/`, true, { IncludeVersion: bucket === locked })) {
      const { name, versionId } = object as { name: string; versionId?: string };
      const stream = await s3.getObject(bucket, name, versionId === undefined ? {} : { versionId });
      loot.set(`${bucket}/${name}`, Buffer.concat(await stream.toArray()));
    }
  }
  return loot;
}

/** What must not be legible: bodies, handles, names, conversations, hashes of files, keys, the warrant's words. */
async function planted(): Promise<Map<string, string | Uint8Array>> {
  const secrets = new Map<string, string | Uint8Array>();
  const add = (what: string, text: string | null | undefined): void => {
    // Shorter ones stand in random bytes by chance, or are words of the format.
    if (text != null && text.length >= 7) secrets.set(`${what} ${text}`, text);
  };
  let items = 0;
  for await (const item of listItems(opened, {})) if (items++ % 4 === 0) addItem(item, add, secrets);
  for (const name of CAPTURES) {
    const digest = createHash('sha256')
      .update(readFileSync(join(whatsAppFixtures, name)))
      .digest();
    secrets.set(`hash of ${name}`, digest);
    add('name of a capture', name);
  }
  const keyring = readFileSync(join(whatsAppFixtures, 'keyring.json'), 'utf8');
  for (const [key = ''] of keyring.matchAll(/[0-9a-f]{64}/g)) secrets.set('a key', Buffer.from(key, 'hex'));
  secrets.set('the key file', readFileSync(join(whatsAppFixtures, 'key')).subarray(-32));
  const warrant = JSON.parse(readFileSync(join(whatsAppFixtures, 'warrant.json'), 'utf8')) as Record<string, string>;
  for (const field of ['id', 'reference', 'issuedBy', 'legalBasis']) add(field, warrant[field]);
  add('who', 'Examiner Example');
  add('why', 'a reason of the examiner');
  add('title', 'a fixture');
  add('selection', 'the words of a selection');
  return secrets;
}

function addItem(
  { body, sender, conversation, messageId, attachments, owner }: ItemJson,
  add: (what: string, text: string | null | undefined) => void,
  secrets: Map<string, string | Uint8Array>,
): void {
  add('body', body?.slice(0, 60));
  for (const party of [sender, owner]) {
    add('handle', party?.value);
    add('display name', party?.display);
  }
  add('conversation', typeof conversation === 'string' ? conversation : null);
  add('message id', messageId);
  for (const { name, sha256 } of attachments) {
    add('file name', name);
    if (sha256 !== null) secrets.set(`hash of ${name}`, Buffer.from(sha256, 'hex'));
  }
}

/** Where secrets are legible. A needle is cut to what is still no coincidence, so that many are searched for at once. */
function legible(loot: ReadonlyMap<string, Buffer>, secrets: ReadonlyMap<string, string | Uint8Array>): string[] {
  const named = [...loot].flatMap(([name, bytes]) => [Buffer.from(`\n${name}\n`), bytes]);
  const whole = Buffer.concat([...named, ...[...loot.values()].flatMap(openedMembers)]);
  const found: string[] = [];
  for (const [what, secret] of secrets) {
    for (const [encoding, needle] of encodingsOf(secret)) {
      if (needle.length >= 7 && whole.includes(needle)) found.push(`${what} as ${encoding}`);
    }
  }
  return found;
}

describe.skipIf(server === undefined)('stolen buckets', () => {
  it('show no content, handle, key or hash of a file, in any common encoding', async () => {
    const [loot, secrets] = [await stolen(), await planted()];
    expect(loot.size).toBeGreaterThan(60);
    expect([...loot.keys()].filter((name) => name.startsWith(locked))).toHaveLength(CAPTURES.length);
    expect([...loot.keys()].some((name) => name.includes('/exhibits/'))).toBe(true);
    expect(secrets.size).toBeGreaterThan(100);
    expect([...secrets.keys()].filter((what) => what.startsWith('hash of ')).length).toBeGreaterThan(CAPTURES.length);
    expect(legible(loot, secrets)).toEqual([]);
  });

  it('would be caught showing one, however it is written and wherever it begins', () => {
    const text = 'Größe 7 am Hafen';
    for (const secret of [text, randomBytes(32)]) {
      for (const [encoding, needle] of encodingsOf(secret)) {
        const loot = new Map([['x', Buffer.concat([randomBytes(1000), needle, randomBytes(1000)])]]);
        expect(legible(loot, new Map([['it', secret]])), encoding).toContain(`it as ${encoding}`);
      }
      const around = Buffer.concat([randomBytes(300), Buffer.from(secret as string), randomBytes(300)]);
      for (const pack of [gzipSync, deflateSync, zstdCompressSync]) {
        const loot = new Map([['x', Buffer.concat([randomBytes(90), pack(around), randomBytes(90)])]]);
        expect(legible(loot, new Map([['it', secret]])), pack.name).toContain('it as raw');
      }
      for (const offset of [0, 1, 2]) {
        const around = Buffer.concat([randomBytes(300 + offset), Buffer.from(secret as string), randomBytes(300)]);
        const loot = new Map([['x', Buffer.from(around.toString('base64'))]]);
        expect(legible(loot, new Map([['it', secret]]))).toContain(`it as base64 at ${offset}`);
      }
    }
  });
});
