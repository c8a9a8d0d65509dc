import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BatchWriter, dispositions, type Finding, type Item, readAuthority, ScopeRule } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { envelopeFormat } from './envelope-format.ts';

const folder = new URL('../../../../../fixtures/envelope/', import.meta.url);
const fixture = (name: string): Uint8Array => readFileSync(new URL(name, folder));
const truth = JSON.parse(new TextDecoder().decode(fixture('truth.json')));
const keysIn = (name: string): readonly SuppliedKey[] =>
  readKeyFiles([{ name, bytes: fixture(name) }], () => null).keys;
const keys = keysIn('keyring.json');

interface Given {
  readonly name?: string;
  readonly keys?: readonly SuppliedKey[];
}

function decode(kind: 'ndjson' | 'csv', bytes: Uint8Array, given: Given = {}): Promise<Decoded> {
  return decodeAll(
    envelopeFormat(kind),
    { name: given.name ?? `dump.${kind}`, source: memorySource(bytes) },
    { keys: given.keys ?? keys },
  );
}

const bodyOf = (item: Item): string => new TextDecoder().decode(item.body ?? new Uint8Array());
const short = ({ code, records, locator }: Finding) => ({ code, row: locator?.row, records });
const addsUp = ({ counts }: Decoded) =>
  counts.records === counts.decoded + (counts.lost ?? Number.NaN) + counts.notCovered;

/** A line of a dump as bytes and where it stands. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from) + 1 || bytes.length;
    lines.push(bytes.slice(from, to));
    from = to;
  }
  return lines;
}

describe.each(['ndjson', 'csv'] as const)('envelope dump, %s', (kind) => {
  const dump = fixture(`dump.${kind}`);
  const expected = truth[`dump.${kind}`];

  it('is detected by its shape', () => {
    const claims = detectFormat(probeOf('renamed.bin', memorySource(dump)));
    expect([claims[0]?.format.name, claims[0]?.claim.confidence]).toEqual([`envelope-${kind}`, 'certain']);
  });

  it('gives every record that the generator wrote', async () => {
    const decoded = await decode(kind, dump);
    expect(decoded.findings).toEqual([]);
    expect(decoded.counts).toEqual({ records: expected.records, decoded: expected.records, lost: 0, notCovered: 0 });
    const messages = decoded.items.filter((item) => item.kind === 'message');
    expect(messages).toHaveLength(expected.messages);
    expect(decoded.items.filter((item) => item.kind === 'device')).toHaveLength(expected.devices);
    const ids = messages.map((item) => `${item.messageId}\n`).join('');
    expect(createHash('sha256').update(ids).digest('hex')).toBe(expected.messageIdsSha256);
    const byId = new Map(messages.map((item) => [item.messageId, item]));
    for (const { messageId, text, at } of expected.planted) {
      const item = byId.get(messageId) as Item;
      expect(bodyOf(item)).toContain(text);
      expect(item.sentAt?.utc).toBe(at);
    }
    expect(decoded.profile).toMatch(/^[0-9a-f]{64}$/);
    expect(decoded.keyIds).toHaveLength(keys.length / 2);
  });

  it('gives the dispositions that the warrant of the fixture asks for', async () => {
    const file = { name: 'd', source: memorySource(dump) };
    const context = { keyring: { keys }, scratch: new MemoryScratch() };
    const format = envelopeFormat(kind);
    const plan = await format.prepare(file, context);
    const out = new BatchWriter();
    const decoder = format.open(plan, file, context);
    for (const unit of plan.units) decoder.decode(unit, out);
    const rule = new ScopeRule(readAuthority(JSON.parse(new TextDecoder().decode(fixture('warrant.json')))));
    const counts: Record<string, number> = {};
    for (const code of rule.decide(out.batch().facts).codes) {
      const name = dispositions[code] as string;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toEqual(expected.dispositions);
  });

  it('says of each item where it stands, who speaks, from which device, and what its tag proves', async () => {
    const { items } = await decode(kind, dump);
    for (const item of items) {
      const { path, offset, length } = item.locator;
      expect(path).toBe(`dump.${kind}`);
      const raw = new TextDecoder().decode(dump.subarray(offset as number, (offset as number) + (length as number)));
      expect(raw).toContain(item.messageId);
      expect(item.fields?.get('imei')).toMatch(/^\d{15}$/);
    }
    const message = items.find((item) => item.kind === 'message') as Item;
    expect(message.sender?.type).toBe('username');
    expect(message.recipients?.length).toBeGreaterThan(0);
    expect(message.conversation).toMatch(/^c-\d{6}$/);
    expect(message.fields?.get('seq')).toBe(1);
    expect(message.authentication).toMatchObject({ mechanism: 'AES-256-GCM', result: 'verified' });
    const device = items.find((item) => item.kind === 'device') as Item;
    expect(device.authentication?.result).toBe('none');
    const models = new Set(items.flatMap((item) => item.fields?.get('model') ?? []));
    expect(
      [...models].every((model) =>
        ['Kite 5', 'Kite 5, blue', 'Lantern "mini"', 'Lantern\ntwo lines', 'Möwe 3'].includes(String(model)),
      ),
    ).toBe(true);
    expect(models.size).toBeGreaterThan(2);
  });

  it('reports each damage where it is, and decodes the rest', async () => {
    const { findings, items, records } = truth[`damaged.${kind}`];
    const decoded = await decode(kind, fixture(`damaged/damaged.${kind}`));
    const sorted = (list: readonly ReturnType<typeof short>[]) => list.map((one) => JSON.stringify(one)).sort();
    expect(sorted(decoded.findings.map(short))).toEqual(sorted(findings));
    expect(decoded.counts.records).toBe(records);
    expect(decoded.items).toHaveLength(items);
    expect(decoded.counts).toMatchObject({ decoded: items, lost: 3, notCovered: 1 });
  });

  it('reports a dump that ends inside a record', async () => {
    const decoded = await decode(kind, fixture(`damaged/truncated.${kind}`));
    expect(decoded.findings.map(({ code, class: kindOf, records }) => [code, kindOf, records])).toEqual([
      ['TRUNCATED', 'lost', 1],
    ]);
    expect(addsUp(decoded)).toBe(true);
  });

  it('releases nothing under a wrong key', async () => {
    const decoded = await decode(kind, dump, { keys: keysIn('wrong-keyring.json') });
    expect(decoded.items.every((item) => item.kind === 'device' && item.body === null)).toBe(true);
    expect(new Set(decoded.findings.map(({ code }) => code))).toEqual(
      new Set(['AUTHENTICATION_FAILED', 'KEY_NOT_VERIFIED']),
    );
    expect(decoded.counts.lost).toBe(expected.messages);
    expect(decoded.findings.find(({ code }) => code === 'AUTHENTICATION_FAILED')?.records).toBe(expected.messages);
  });

  it('counts what has no key at all, in one finding a key', async () => {
    const decoded = await decode(kind, dump, { keys: [] });
    const missing = decoded.findings.filter(({ code }) => code === 'KEY_MISSING');
    expect(missing.reduce((sum, { records }) => sum + (records ?? 0), 0)).toBe(expected.messages);
    expect(addsUp(decoded)).toBe(true);
  });

  it('takes keys without an id as candidates, and refuses more than 16', async () => {
    const ours = keys.filter((key) => key.for === `profile:envelope-${kind}`);
    const nameless = ours.map(({ id: _id, ...key }) => key);
    const decoded = await decode(kind, dump, { keys: nameless });
    expect(decoded.counts.decoded).toBe(expected.records);
    const strangers = Array.from({ length: 6 }, (_, i) => ({
      for: `profile:envelope-${kind}`,
      bytes: new Uint8Array(32).fill(i),
      source: 'k',
    }));
    await expect(decode(kind, dump, { keys: [...nameless, ...strangers] })).rejects.toMatchObject({
      code: 'TOO_MANY_CANDIDATES',
    });
  });

  it('accounts for every record wherever the dump is cut', async () => {
    const head = linesOf(dump).slice(0, 18);
    const small = Buffer.concat(head);
    const tail = Buffer.concat(head.slice(-3)).length;
    for (let length = 0; length < small.length; length += length < small.length - tail ? 97 : 1) {
      const decoded = await decode(kind, small.subarray(0, length));
      if (decoded.units.length === 0) continue;
      expect(addsUp(decoded)).toBe(true);
      const partial = decoded.counts.decoded + (kind === 'csv' ? 1 : 0);
      expect(partial).toBeLessThanOrEqual(head.length);
      const codes = decoded.findings.map(({ code }) => code);
      const lost = decoded.counts.lost ?? 0;
      expect(lost).toBeLessThanOrEqual(1);
      if (lost === 1) expect(codes.some((code) => code === 'TRUNCATED')).toBe(true);
    }
  });

  it('accounts for every record whatever byte is altered, and never shows altered text as authentic', async () => {
    const random = new Random(7);
    const small = Buffer.concat(linesOf(dump).slice(0, 60));
    const intact = new Set((await decode(kind, small)).items.map((item) => `${item.messageId} ${bodyOf(item)}`));
    for (let round = 0; round < 100; round++) {
      const bad = Uint8Array.from(small);
      for (let flips = 0; flips < 4; flips++) {
        const at = (kind === 'csv' ? 70 : 0) + random.below(bad.length - 70);
        bad[at] = (bad[at] as number) ^ (1 << random.below(8));
      }
      const decoded = await decode(kind, bad);
      expect(addsUp(decoded)).toBe(true);
      for (const item of decoded.items) {
        if (item.authentication?.result === 'verified') expect(intact).toContain(`${item.messageId} ${bodyOf(item)}`);
      }
    }
  });

  it('ends each unit at 4,000 records, and no order of units or number of decoders changes a leaf', async () => {
    const lines = linesOf(dump);
    const header = kind === 'csv' ? lines.splice(0, 1) : [];
    const many = Buffer.concat([...header, ...Array.from({ length: 22 }, () => lines).flat()]);
    const source = memorySource(many);
    const file = { name: 'dump', source };
    const format = envelopeFormat(kind);
    const forward = await decodeAll(format, file, { keys, items: false });
    const backward = await decodeAll(format, file, {
      keys,
      items: false,
      order: (units) => units.toReversed(),
      decoders: 2,
      combine: true,
    });
    expect(forward.units.map((unit) => unit.records)).toEqual([4000, 4000, 22 * expected.records - 8000]);
    expect(forward.counts.decoded).toBe(22 * expected.records);
    expect(backward.items).toEqual(forward.items);
    expect(backward.findings).toEqual(forward.findings);
    // Each copy begins again: its numbers were there, and its times go back where the one before ended.
    expect(new Set(forward.findings.map(({ code }) => code))).toEqual(new Set(['REPLAY', 'TIME_ANOMALY']));
    expect(forward.findings.find(({ detail }) => detail.includes('in the order of its times'))?.records).toBe(21);
  });
});
