import { readFile } from 'node:fs/promises';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { rsmf } from './rsmf.ts';
import type { RsmfManifest } from './rsmf-manifest.ts';
import { MemoryFolder } from './testing/memory-folder.ts';
import { hostileTexts, instant, sampleHeader, sampleItem, sampleItems, streamed } from './testing/sample-items.ts';

async function written(items = sampleItems()): Promise<Map<string, Uint8Array>> {
  const folder = new MemoryFolder();
  await rsmf.write(streamed(items), sampleHeader, folder);
  return folder.files;
}

async function opened(
  bytes: Uint8Array,
): Promise<{ manifest: RsmfManifest; headers: Map<string, unknown>; text: string }> {
  const mail = await simpleParser(Buffer.from(bytes));
  expect(mail.attachments.map((one) => one.filename)).toEqual(['rsmf.zip']);
  const manifest = JSON.parse(await member(mail.attachments[0]?.content as Buffer, 'rsmf_manifest.json'));
  return { manifest, headers: mail.headers, text: mail.text ?? '' };
}

async function member(zip: Buffer, name: string): Promise<string> {
  const file = await yauzl.fromBufferPromise(zip);
  for await (const entry of file.eachEntry()) {
    if (entry.fileName !== name) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await file.openReadStreamPromise(entry)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks).toString();
  }
  throw new Error(`${name} is not in the ZIP`);
}

describe('rsmf', () => {
  it('writes one file a conversation and day, each event with its leaf', async () => {
    const files = await written();
    expect([...files.keys()]).toEqual([
      'rsmf/000001-2026-01-02-1.rsmf',
      'rsmf/000001-2026-01-03-1.rsmf',
      'rsmf/000001-undated-1.rsmf',
      'rsmf/000002-2026-01-03-1.rsmf',
    ]);
    const events = [];
    for (const bytes of files.values()) events.push(...(await opened(bytes)).manifest.events);
    const leaves = events.map((one) => one.custom.find(({ name }) => name === 'custody.leaf')?.value);
    expect(leaves).toEqual(sampleItems().map((one) => one.leaf));
    expect(events.map((one) => one.body).filter((body) => body !== undefined)).toContain(hostileTexts[0]);
  });

  it('says in its headers what is inside', async () => {
    const [first] = (await written()).values();
    const { headers, text } = await opened(first as Uint8Array);
    expect(headers.get('x-rsmf-version')).toBe('2.0.0');
    expect(headers.get('x-rsmf-eventcount')).toBe('2');
    expect(headers.get('x-rsmf-begindate')).toBe('2026-01-02T23:59:58.000Z');
    expect(headers.get('x-rsmf-custodian')).toBe('@bob');
    expect(text).toContain('<script>alert(1)</script>');
  });

  it('makes no header of what a display name holds', async () => {
    const sender = { type: 'phone', value: '+31655500102', display: 'Ann\r\nX-RSMF-EventCount: 999' };
    const [bytes] = (await written([sampleItem(1, { sender, text: 'x' })])).values();
    const { headers } = await opened(bytes as Uint8Array);
    expect(headers.get('x-rsmf-eventcount')).toBe('1');
  });

  it('gives the same bytes again', async () => {
    const [one, two] = [await written(), await written()];
    for (const [name, bytes] of one) expect(Buffer.compare(bytes, two.get(name) as Uint8Array)).toBe(0);
  });

  it('splits a day above 10,000 events', async () => {
    const day = Date.UTC(2026, 0, 5);
    const items = Array.from({ length: 10_001 }, (_, i) => sampleItem(i, { text: `t${i}`, sentAt: instant(day + i) }));
    const files = await written(items);
    expect([...files.keys()]).toEqual(['rsmf/000001-2026-01-05-1.rsmf', 'rsmf/000001-2026-01-05-2.rsmf']);
    const collections = new Set<unknown>();
    for (const bytes of files.values()) collections.add((await opened(bytes)).headers.get('x-rsmf-eventcollectionid'));
    expect(collections.size).toBe(1);
  });
});

describeWithShared('rsmf against the schema of 2.0.0', (shared) => {
  let valid: ValidateFunction;

  beforeAll(async () => {
    const schema = await readFile(`${shared}/schemas/rsmf_schema_2_0_0.json`, 'utf8');
    // Its inner "$id" are fragments, which no validator of draft-07 takes for identifiers.
    const stripped = JSON.parse(schema, (key, value) => (key === '$id' ? undefined : value));
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
    valid = ajv.compile(stripped);
  });

  it('is valid', async () => {
    for (const bytes of (await written()).values()) {
      const { manifest } = await opened(bytes);
      expect(valid(manifest), JSON.stringify(valid.errors)).toBe(true);
      const ids = new Set(manifest.participants.map((one) => one.id));
      for (const conversation of manifest.conversations)
        for (const id of conversation.participants) expect(ids).toContain(id);
      for (const event of manifest.events)
        if (event.participant !== undefined) expect(ids).toContain(event.participant);
    }
  });

  it('would be caught without a participant id', async () => {
    const [bytes] = (await written()).values();
    const { manifest } = await opened(bytes as Uint8Array);
    expect(valid({ ...manifest, participants: [{ display: 'no id' }] })).toBe(false);
  });
});
