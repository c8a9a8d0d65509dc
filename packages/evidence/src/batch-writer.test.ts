import type { CborValue } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchWriter } from './batch-writer.ts';
import {
  decodeAttachments,
  decodeAuthentication,
  decodeInstant,
  decodeLocator,
  decodeLocators,
  decodeNamedFields,
  decodeParties,
  decodeParty,
  decodeRaw,
  decodeRecords,
  decodeRefs,
  decodeTimes,
  decodeType,
} from './decode-fields.ts';
import { factsOf } from './facts-of.ts';
import { type Finding, type FindingCode, findingCodes } from './finding.ts';
import type { Instant, Item, Party } from './item.ts';
import { itemKinds } from './item-kinds.ts';
import { readFinding, readItem } from './read-leaf.ts';
import { LEAF_FINDING, LEAF_ITEM } from './slots.ts';

const whole = fc.integer({ min: 0, max: 2 ** 48 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const locator = fc.record({ path: text, offset: orNull(whole), length: orNull(whole), row: orNull(whole) });
const party: fc.Arbitrary<Party> = fc.record(
  { type: fc.constantFrom('phone', 'username', 'group'), value: text, display: text },
  { requiredKeys: ['type', 'value'] },
);
const instant: fc.Arbitrary<Instant> = fc.record({
  utc: orNull(fc.integer({ min: -8.64e15, max: 8.64e15 })),
  raw: text,
  zone: orNull(text),
  precision: fc.constantFrom('ms', 's', 'min', 'h', 'day', 'unknown'),
  clock: fc.constantFrom('device', 'server', 'sender', 'unknown'),
});
const bounded: fc.Arbitrary<Instant> = fc
  .record({ instant, within: fc.tuple(whole, whole), ambiguous: fc.boolean() })
  .map(({ instant: one, within, ambiguous }) => ({ ...one, utc: null, within, ...(ambiguous && { ambiguous }) }));
const cbor: fc.Arbitrary<CborValue> = fc.oneof(
  text,
  whole,
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 9 }),
);
const attachment = fc.record({
  name: orNull(text),
  mime: orNull(text),
  size: orNull(whole),
  sha256: orNull(text),
  present: fc.boolean(),
});
const item: fc.Arbitrary<Item> = fc.record({
  kind: fc.constantFrom(...itemKinds),
  platform: fc.constantFrom('whatsapp', 'envelope', 'signal'),
  direction: fc.constantFrom('incoming', 'outgoing', 'system', null),
  locator,
  sources: fc.array(locator, { maxLength: 2 }),
  messageId: orNull(text),
  conversation: orNull(text),
  sender: orNull(party),
  recipients: orNull(fc.array(party, { maxLength: 3 })),
  owner: orNull(party),
  sentAt: orNull(fc.oneof(instant, bounded)),
  times: orNull(
    fc.array(fc.tuple(text, fc.oneof(instant, bounded)), { minLength: 1, maxLength: 2 }).map((all) => new Map(all)),
  ),
  body: orNull(fc.uint8Array({ maxLength: 90 })),
  refs: fc.array(fc.record({ rel: text, id: text }), { maxLength: 2 }),
  attachments: fc.array(attachment, { maxLength: 2 }),
  authentication: orNull(
    fc.record({ mechanism: text, result: fc.constantFrom('verified', 'failed', 'not-verified', 'none'), proves: text }),
  ),
  fields: orNull(fc.array(fc.tuple(text, cbor), { minLength: 1, maxLength: 3 }).map((all) => new Map(all))),
});
const codes = Object.keys(findingCodes) as FindingCode[];
const finding: fc.Arbitrary<Finding> = fc.record({
  code: fc.constantFrom(...codes),
  class: fc.constantFrom('lost', 'doubt', 'note'),
  records: orNull(whole),
  locator: orNull(locator),
  related: fc.array(locator, { maxLength: 3 }),
  detail: text,
});
const leaf = fc.oneof({ weight: 3, arbitrary: item }, { weight: 1, arbitrary: finding });

/** Some as bytes, which is to give the same. */
function writeTime(writer: BatchWriter, name: string, at: Instant): void {
  const source = Buffer.from(`:${at.raw}.`);
  const isPlain = at.within === undefined && at.ambiguous === undefined;
  if (isPlain && name.length % 2 === 0)
    writer.timeBytes(name, at.utc, at, { source, start: 1, end: source.length - 1 });
  else writer.time(name, at);
}

function write(writer: BatchWriter, one: Item): void {
  const id = ({ type, value, display }: Party) => writer.party(type, value, display);
  writer.begin(one.kind, one.platform, one.direction);
  writer.locator(one.locator);
  for (const source of one.sources) writer.source(source);
  if (one.messageId !== null) writer.messageId(one.messageId);
  if (one.conversation !== null) writer.conversation(one.conversation);
  if (one.sender !== null) writer.sender(id(one.sender));
  if (one.recipients?.length === 0) writer.noRecipients();
  for (const recipient of one.recipients ?? []) writer.recipient(id(recipient));
  if (one.owner !== null) writer.owner(id(one.owner));
  if (one.sentAt !== null) writer.sentAt(one.sentAt);
  for (const [name, at] of one.times ?? []) writeTime(writer, name, at);
  if (one.body !== null) writer.bodyBytes(one.body);
  for (const { rel, id: to } of one.refs) writer.ref(rel, to);
  for (const each of one.attachments) writer.attachment(each);
  if (one.authentication !== null) writer.authentication(one.authentication);
  for (const [name, value] of one.fields ?? []) writer.field(name, value);
  writer.end();
}

describe('a batch', () => {
  it('gives back every item and finding as it was written, in order', () => {
    const writer = new BatchWriter();
    fc.assert(
      fc.property(fc.array(leaf, { maxLength: 12 }), (leaves) => {
        writer.clear();
        for (const one of leaves) 'code' in one ? writer.finding(one) : write(writer, one);
        const batch = writer.batch();
        expect(batch.count).toBe(leaves.length);
        leaves.forEach((one, i) => {
          const row = batch.rows[i] as number;
          const read = 'code' in one ? readFinding(batch.findings, row) : readItem(batch.items, row);
          expect(batch.kinds[i]).toBe('code' in one ? LEAF_FINDING : LEAF_ITEM);
          expect(read).toEqual(one);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('has the facts that its stored columns give', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const writer = new BatchWriter();
        for (const one of items) write(writer, one);
        const { facts, items: columns } = writer.batch();
        const read = factsOf(columns);
        const named = (of: typeof facts) =>
          items.map((_, i) => {
            const ids = [...of.partyIds.slice(i === 0 ? 0 : of.partyEnds[i - 1], of.partyEnds[i])];
            return ids.map((id) => of.parties[id]);
          });
        expect(named(read)).toEqual(named(facts));
        expect([read.kinds, read.platforms]).toEqual([facts.kinds, facts.platforms]);
        expect([...read.sentMs]).toEqual([...facts.sentMs]);
        expect(read.sentWithin).toEqual(facts.sentWithin);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses what cannot be an item', () => {
    const writer = new BatchWriter();
    expect(() => writer.end()).toThrow('no item is open');
    writer.begin('message', 'p', null);
    expect(() => writer.begin('message', 'p', null)).toThrow('already open');
    expect(() => writer.end()).toThrow('needs a locator');
  });
});

describe('a stored field that no writer made', () => {
  const decoders = {
    decodeAttachments,
    decodeAuthentication,
    decodeInstant,
    decodeLocator,
    decodeLocators,
    decodeNamedFields,
    decodeParties,
    decodeParty,
    decodeRaw,
    decodeRecords,
    decodeRefs,
    decodeTimes,
    decodeType,
  };

  it.each(Object.entries(decoders))('%s refuses it with an error of ours, whatever it is', (_name, decode) => {
    const refuses = (bytes: Uint8Array) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ family: expect.stringMatching(/^(integrity|format)$/) });
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), refuses), { numRuns: 300 });
    // An array of four billion, a text of as many bytes, nesting without end.
    for (const hex of ['9affffffff', '7affffffff', 'bbffffffffffffffff', '81'.repeat(5000)]) {
      expect(() => decode(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ family: expect.any(String) }));
    }
  });
});
