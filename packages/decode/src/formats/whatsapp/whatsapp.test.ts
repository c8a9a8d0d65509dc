import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { utf8Decode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { Keyring } from '../../keyring.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { detectFormat, formatByName, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';

const folder = fileURLToPath(new URL('../../../../../fixtures/whatsapp/', import.meta.url));
const kinds = ['crypt12', 'crypt14', 'crypt15'] as const;
type Kind = (typeof kinds)[number];

interface Truth {
  readonly rows: Record<string, number>;
  readonly kinds: Record<string, number>;
  readonly notCovered: Record<string, number>;
  readonly owner: string | null;
  readonly planted: { type: string; text: string; messageId: string; conversation: string; at: number }[];
  readonly privileged: { party: string; messages: number };
  readonly period: { before: number; within: number; after: number };
}

const truths = JSON.parse(readFileSync(`${folder}truth.json`, 'utf8')) as Record<Kind, Truth>;
const read = (name: string) => new Uint8Array(readFileSync(folder + name));
const keys = (...names: string[]): Keyring =>
  readKeyFiles(
    names.map((name) => ({ name, bytes: read(name) })),
    (_keyring, path) => read(path),
  );
const decode = (kind: Kind, name: string, keyring: Keyring = keys('keyring.json')): Promise<Decoded> =>
  decodeCapture(formatByName(`whatsapp-${kind}`), read(name), { name, keyring });

function tally<T>(values: readonly T[], keyOf: (value: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[keyOf(value)] = (counts[keyOf(value)] ?? 0) + 1;
  return counts;
}

const codes = (decoded: Decoded) => tally(decoded.findings, (finding) => finding.code);
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
const textOf = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));

describe.each(kinds)('fixture %s', (kind) => {
  const truth = truths[kind];

  it('gives exactly what was written', async () => {
    const decoded = await decode(kind, `msgstore.db.${kind}`);
    expect(tally(decoded.items, (item) => item.kind)).toEqual(truth.kinds);
    const covered = total(truth.rows) - total(truth.notCovered);
    expect(decoded.counts).toEqual({ records: covered, decoded: covered, lost: 0, notCovered: 0 });
    const notCovered = decoded.findings.filter((finding) => finding.code === 'NOT_COVERED');
    expect(notCovered.reduce((sum, finding) => sum + (finding.records ?? 0), 0)).toBe(total(truth.notCovered));
    expect(codes(decoded)).toEqual({
      NOT_COVERED: Object.keys(truth.notCovered).length,
      BYTES_NOT_EXAMINED: 1,
      REFERENCED_BUT_ABSENT: 1,
    });
    expect(decoded.scratch.kept).toBe(1);
    expect(decoded.plan.keyIds).toHaveLength(1);
  });

  it('finds every planted entity in its message, conversation and time', async () => {
    const { items } = await decode(kind, `msgstore.db.${kind}`);
    const byId = new Map(items.filter((item) => item.kind === 'message').map((item) => [item.messageId, item]));
    expect(truth.planted.length).toBeGreaterThan(20);
    for (const planted of truth.planted) {
      const item = byId.get(planted.messageId);
      expect(textOf(item)).toContain(planted.text);
      expect(item?.conversation).toBe(planted.conversation);
      expect(item?.sentAt).toMatchObject({ utc: planted.at, raw: String(planted.at), zone: 'UTC', precision: 'ms' });
    }
  });

  it('never loses who wrote, and says what was authenticated', async () => {
    const { items } = await decode(kind, `msgstore.db.${kind}`);
    const messages = items.filter((item) => ['message', 'edit', 'deletion', 'location'].includes(item.kind));
    for (const item of messages) {
      expect(item.authentication?.result).toBe('verified');
      if (item.direction === 'incoming') expect(item.sender?.type).toBe('phone');
      if (item.direction === 'outgoing' && truth.owner !== null) expect(item.sender?.value).toBe(truth.owner);
      expect(item.locator.path).toBe(`msgstore.db.${kind}!gcm!zlib`);
    }
    const lawyer = messages.filter((item) =>
      [item.sender, ...(item.recipients ?? [])].some((party) => party?.value === truth.privileged.party),
    );
    expect(lawyer.length).toBeGreaterThan(5);
    const rowed = items.filter(
      (item) => item.fields?.get('table') === undefined && item.kind !== 'reaction' && item.kind !== 'note',
    );
    expect(rowed.filter((item) => (item.sentAt?.utc ?? 0) < Date.UTC(2024, 2, 1))).toHaveLength(truth.period.before);
  });

  it('gives what stands inside a message its people and time', async () => {
    const { items } = await decode(kind, `msgstore.db.${kind}`);
    const inside = items.filter((item) =>
      ['message_vcard', 'message_mentions'].includes(String(item.fields?.get('table'))),
    );
    expect(inside.length).toBe((truth.rows.message_vcard ?? 0) + (truth.rows.message_mentions ?? 0));
    for (const item of inside) {
      const parent = items.find((other) => other.kind === 'message' && other.messageId === item.refs[0]?.id);
      expect(item).toMatchObject({
        conversation: parent?.conversation,
        sentAt: parent?.sentAt,
        sender: parent?.sender,
      });
    }
  });

  it('without the MD5 decodes to the same items', async () => {
    const whole = await decode(kind, `msgstore.db.${kind}`);
    const without = await decode(kind, `damaged/without-md5.db.${kind}`);
    expect(without.items.map((item) => item.messageId)).toEqual(whole.items.map((item) => item.messageId));
    expect(codes(without)).toEqual(codes(whole));
  });

  it.each([
    ['damaged/truncated.db', 'TRUNCATED'],
    ['damaged/bit-flip.db', 'KEY_PROVEN_THEN_DAMAGE'],
  ])('%s costs everything and says why: %s', async (name, code) => {
    const decoded = await decode(kind, `${name}.${kind}`);
    expect(decoded.plan.units).toEqual([]);
    expect(decoded.findings.map((finding) => [finding.code, finding.class, finding.records])).toEqual([
      [code, 'lost', null],
    ]);
    expect(decoded.scratch.kept).toBe(0);
  });

  it('a wrong key on an intact file is told from damage', async () => {
    const wrong = keys(kind === 'crypt15' ? 'wrong-root-key.txt' : 'wrong-key');
    const intact = await decode(kind, `msgstore.db.${kind}`, wrong);
    expect(codes(intact)).toEqual({ KEY_NOT_VERIFIED: 1 });
    const damaged = await decode(kind, `damaged/bit-flip.db.${kind}`, wrong);
    expect(codes(damaged)).toEqual({ AUTHENTICATION_FAILED: 1 });
    expect(codes(await decode(kind, `msgstore.db.${kind}`, { keys: [] }))).toEqual({ KEY_MISSING: 1 });
    expect(intact.scratch.kept + damaged.scratch.kept).toBe(0);
  });

  it('the right key among wrong ones is found', async () => {
    const decoded = await decode(kind, `msgstore.db.${kind}`, keys('wrong-root-key.txt', 'wrong-key', 'keyring.json'));
    expect(tally(decoded.items, (item) => item.kind)).toEqual(truth.kinds);
  });

  it('a damaged page costs its own rows', async () => {
    const whole = await decode(kind, `msgstore.db.${kind}`);
    const decoded = await decode(kind, `damaged/page.db.${kind}`);
    const damage = decoded.findings.filter((finding) => finding.code === 'PAGE_DAMAGED');
    expect(damage).toMatchObject([
      { class: 'lost', records: null, locator: { path: `damaged/page.db.${kind}!gcm!zlib`, length: 4096 } },
    ]);
    expect(codes(decoded)).not.toHaveProperty('RECORD_MALFORMED');
    const [, after = 0, before = 0] = (/Rows after (\d+) and before (\d+)/.exec(damage[0]?.detail ?? '') ?? []).map(
      Number,
    );
    const lost = before - after - 1;
    expect(lost).toBeGreaterThan(2);
    expect(decoded.counts.decoded).toBe(whole.counts.decoded - lost);
    const ids = new Set(decoded.items.map((item) => item.messageId));
    const missing = whole.items.filter((item) => item.messageId !== null && !ids.has(item.messageId));
    expect(missing.every((item) => (item.locator.row ?? 0) > after && (item.locator.row ?? 0) < before)).toBe(true);
  });

  it('says what its header states, and that nothing authenticates it', async () => {
    const file = { name: 'x', source: memorySource(read(`msgstore.db.${kind}`)) };
    const plan = await formatByName(`whatsapp-${kind}`).prepare(file, {
      keyring: keys(),
      scratch: new MemoryScratch(),
    });
    const facts = { 'app version': '2.24.8.85', 'last digits of the owner': '10' };
    expect(plan.about).toEqual(
      Object.entries(facts)
        .slice(kind === 'crypt12' ? 1 : 0)
        .map(([name, value]) => ({ name, value, authenticated: false })),
    );
  });

  it('is detected by its bytes, whatever it is called', () => {
    const claims = detectFormat(probeOf('holiday.jpg', memorySource(read(`msgstore.db.${kind}`))));
    expect(claims[0]?.format.name).toBe(`whatsapp-${kind}`);
  });
});

describeWithShared('samples of WhatsApp backups', (shared) => {
  const sample = (name: string) => new Uint8Array(readFileSync(`${shared}/samples/whatsapp/${name}`));
  const sampleKeys = (name: string) => readKeyFiles([{ name, bytes: sample(name) }], () => null);

  it.each([
    ['whatsapp-crypt12', 'msgstore.db.crypt12', 'key'],
    ['whatsapp-crypt15', 'msgstore.db.crypt15', 'encrypted_backup.key'],
    ['whatsapp-msgstore', 'msgstore.db', 'key'],
  ])('%s has the counts of its notes', async (format, name, key) => {
    const bytes = sample(name);
    expect(detectFormat(probeOf('x', memorySource(bytes)))[0]?.format.name).toBe(format);
    const decoded = await decodeCapture(formatByName(format), bytes, { name, keyring: sampleKeys(key) });
    const tables = tally(decoded.items, (item) =>
      String(item.fields?.get('table') ?? (item.fields?.has('media_wa_type') ? 'messages' : 'message')),
    );
    expect(tables).toMatchObject({ messages: 10, message: 1, chat: 8, jid: 2 });
    const media = decoded.items.filter((item) => item.sources.length > 0);
    expect(media.length).toBeGreaterThanOrEqual(2);
    // messages 10, message 1, chat 8, jid 2, props 17, message_media 2, message_status_psa_campaign 9, and devices,
    // thumbnails and a status in 537 rows more.
    expect(decoded.counts.decoded).toBe(49 + 2 + 463 + 62 + 9 + 1);
    const notCovered = decoded.findings.filter((finding) => finding.code === 'NOT_COVERED');
    expect(notCovered.reduce((sum, finding) => sum + (finding.records ?? 0), 0)).toBe(0);
    expect(decoded.findings.filter((finding) => finding.class !== 'note')).toEqual([]);
  });

  it('states the version of the app and the last digits of the owner, as its notes have them', async () => {
    const file = { name: 'x', source: memorySource(sample('msgstore.db.crypt15')) };
    const plan = await formatByName('whatsapp-crypt15').prepare(file, {
      keyring: { keys: [] },
      scratch: new MemoryScratch(),
    });
    expect(plan.about?.map(({ value }) => value)).toEqual(['2.22.5.13', '67']);
  });
});
