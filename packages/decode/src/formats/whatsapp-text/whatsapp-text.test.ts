import { deflateRawSync } from 'node:zlib';
import { sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import { BatchWriter, type Finding, type Item, LEAF_ITEM, readFinding, readItem } from '@custody/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import type { CaptureFile } from '../../format.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { makeZip } from '../threema/testing/make-threema.ts';
import { lineHead } from './line-head.ts';
import { whatsappText } from './whatsapp-text-format.ts';

const decode = (text: string, name = 'WhatsApp Chat with Ada.txt') =>
  decodeCapture(whatsappText, utf8Encode(text), { name });
const text = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));
const time = (findings: readonly Finding[]) =>
  findings.filter(({ code }) => code === 'TIME_ANOMALY').map(({ detail, class: of }) => `${of}: ${detail}`);

/** With files beside it, as in a directory. */
async function decodeBeside(chat: string, beside: Record<string, string>, name = '_chat.txt') {
  const file: CaptureFile = {
    ...{ name, source: memorySource(utf8Encode(chat)) },
    beside: (other) => (beside[other] === undefined ? null : memorySource(utf8Encode(beside[other]))),
  };
  const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
  const plan = await whatsappText.prepare(file, context);
  const decoder = whatsappText.open(structuredClone({ state: plan.state }), file, context);
  const out = new BatchWriter();
  for (const unit of plan.units) decoder.decode(unit, out);
  const batch = out.batch();
  const items = [...batch.kinds].flatMap((kind, i) =>
    kind === LEAF_ITEM ? [structuredClone(readItem(batch.items, batch.rows[i] as number))] : [],
  );
  const findings = [...batch.kinds].flatMap((kind, i) =>
    kind === LEAF_ITEM ? [] : [readFinding(batch.findings, batch.rows[i] as number)],
  );
  return { items, findings: [...plan.findings, ...findings] };
}

describe('text in UTF-16', () => {
  const chat = '31/12/2020, 21:05 - Ada: grüße 😀\n31/12/2020, 21:06 - Owen: 你好';
  const le = Buffer.from(chat, 'utf16le');
  const marked = Buffer.from(`\ufeff${chat}`, 'utf16le');
  it.each([
    ['little-endian, marked', marked, 'utf-16le'],
    ['big-endian, marked', Buffer.from(marked).swap16(), 'utf-16be'],
    ['little-endian, without a mark', le, 'utf-16le'],
    ['big-endian, without a mark', Buffer.from(le).swap16(), 'utf-16be'],
  ])('%s', async (_, bytes, encoding) => {
    const name = 'export.txt';
    const source = memorySource(new Uint8Array(bytes));
    expect(detectFormat(probeOf(name, source)).map(({ format }) => format.name)).toContain('whatsapp-text');
    const { items, findings } = await decodeCapture(whatsappText, new Uint8Array(bytes), { name });
    expect(items.map(text)).toEqual(['grüße 😀', '你好']);
    expect(items[1]?.locator).toMatchObject({ path: `${name}!${encoding}`, row: 2 });
    expect(findings[0]).toMatchObject({ code: 'FIELD_COERCED', class: 'note' });
  });

  it('cut in the middle of a character says so', async () => {
    const { items, findings } = await decodeCapture(whatsappText, new Uint8Array(marked.subarray(0, -1)), {
      name: 'a',
    });
    expect(items).toHaveLength(2);
    expect(findings[0]).toMatchObject({ code: 'FIELD_COERCED', class: 'doubt' });
  });
});

describe('line heads', () => {
  it.each([
    ['31/12/2020, 21:05 - Ada: hi', [31, 12, 2020], 1265],
    ['12/31/20, 9:05 PM - Ada: hi', [12, 31, 20], 1265],
    ['12/31/20, 9:05\u202fPM - Ada: hi', [12, 31, 20], 1265],
    ['31/12/20 9:05 p. m. - Ada: hi', [31, 12, 20], 1265],
    ['31/12/20, 12:05 a.\u00a0m. - Ada: hi', [31, 12, 20], 5],
    ['31.12.20, 21:05 - Ada: hi', [31, 12, 20], 1265],
    ['31-12-2020 21:05 - Ada: hi', [31, 12, 2020], 1265],
    ['2020-12-31, 21:05 - Ada: hi', [2020, 12, 31], 1265],
    ['2020/12/31 21:05 - Ada: hi', [2020, 12, 31], 1265],
    ['2020/12/31 下午9:05 - Ada: hi', [2020, 12, 31], 1265],
    ['2020. 12. 31. 오후 9:05 - Ada: hi', [2020, 12, 31], 1265],
    ['2020년 12월 31일 오후 9:05, Ada : hi', [2020, 12, 31], 1265],
    ['٣١/١٢/٢٠٢٠، ٩:٠٥ م - Ada: hi', [31, 12, 2020], 1265],
    ['[31/12/2020, 21:05:12] Ada: hi', [31, 12, 2020], 1265],
    ['\u200e[31.12.20, 21:05:12] Ada: hi', [31, 12, 20], 1265],
    ['[12/31/20, 9:05:12 PM] Ada: hi', [12, 31, 20], 1265],
    ['[2020/12/31 下午9:05:12] Ada: hi', [2020, 12, 31], 1265],
    ['31/12/2016, 21:05:12: Ada: hi', [31, 12, 2016], 1265],
    ['\ufeff31/12/2020, 21.05 - Ada: hi', [31, 12, 2020], 1265],
  ])('%s', (line, parts, minutes) => {
    const head = lineHead(line);
    expect(head).toMatchObject({ parts, minutes });
    expect(line.slice(head?.end)).toMatch(/^Ada ?: hi$/);
  });

  it.each([
    'Ada: hi',
    '31/12/2020 was a day',
    '12:05 - lunch',
    '1/2/3, 4:05 later',
    '',
    '[link] 1/2/20, 9:05',
    '31/12/2020, 21:75 - x: y',
  ])('not %j', (line) => expect(lineHead(line)).toBeNull());

  it('does not know every word for the time of day', () => {
    expect(lineHead('31/12/20, 9:05 xyz - Ada: hi')).toMatchObject({ minutes: null });
  });
});

describe('the order of dates', () => {
  it('is proven by the whole file, not by a line', async () => {
    const { items, findings } = await decode(
      '01/02/2021, 09:00 - Ada: a\n02/02/2021, 09:01 - Bo: b\n13/02/2021, 09:02 - Ada: c\n',
    );
    expect(items.map(({ fields }) => fields?.get('local_time'))).toEqual([
      '2021-02-01T09:00',
      '2021-02-02T09:01',
      '2021-02-13T09:02',
    ]);
    expect(items.every(({ sentAt }) => sentAt?.utc === null && sentAt.zone === null)).toBe(true);
    expect(time(findings)[0]).toMatch(/^note: The order of dates is day-month-year: of 3 lines/);
    expect(time(findings)[1]).toMatch(/time zone/);
  });

  it('is month first where a day stands second', async () => {
    const { items } = await decode('1/2/21, 9:00 AM - Ada: a\n1/31/21, 9:01 AM - Bo: b\n');
    expect(items[0]?.fields?.get('local_time')).toBe('2021-01-02T09:00');
  });

  it('stays open where nothing decides: raw text, no instant', async () => {
    const { items, findings } = await decode('01/02/2021, 09:00 - Ada: a\n03/04/2021, 09:01 - Bo: b\n');
    expect(items.map(({ sentAt }) => [sentAt?.raw, sentAt?.utc])).toEqual([
      ['01/02/2021, 09:00', null],
      ['03/04/2021, 09:01', null],
    ]);
    expect(items[0]?.fields?.get('local_time')).toBeUndefined();
    expect(time(findings)[0]).toMatch(/^doubt: Dates could be day-month-year or month-day-year/);
  });

  it('contradicts itself: nothing is decided', async () => {
    const { items, findings } = await decode('13/02/2021, 09:00 - Ada: a\n02/13/2021, 09:01 - Bo: b\n');
    expect(items.every(({ fields }) => fields?.get('local_time') === undefined)).toBe(true);
    expect(time(findings)[0]).toMatch(/^doubt: No order/);
  });

  it('is what somebody declares, and so are zone and owner', async () => {
    const declared = JSON.stringify({
      custodyExport: 1,
      owner: 'Ada',
      dateOrder: 'month-day-year',
      zone: 'Europe/Amsterdam',
    });
    const chat = '7/2/21, 09:00 - Ada: a\n7/3/21, 09:01 - Bo: b\n';
    const { items } = await decodeBeside(chat, { 'export.json': declared });
    expect(items.map(({ sentAt }) => sentAt?.utc)).toEqual([Date.UTC(2021, 6, 2, 7), Date.UTC(2021, 6, 3, 7, 1)]);
    expect(items.map(({ direction }) => direction)).toEqual(['outgoing', 'incoming']);
    expect(items[0]?.recipients).toEqual([{ type: 'whatsapp-name', value: 'Bo' }]);
    const wrong = await decodeBeside(chat, { 'export.json': '{"custodyExport":1,"zone":"Nowhere/Land"}' });
    expect(wrong.findings.map(({ code }) => code)).toContain('FIELD_COERCED');
    expect(wrong.items[0]?.direction).toBeNull();
  });
});

describe('messages', () => {
  const CHAT = [
    '13/02/2021, 09:00 - Messages and calls are end-to-end encrypted.',
    '13/02/2021, 09:01 - Ada: first line',
    'second line: with a colon',
    '',
    '12/31/20, 9:05 PM - Pasted: from elsewhere',
    '13/02/2021, 09:02 - +31 97 010 20 30: <Media omitted>',
    '13/02/2021, 09:03 - Ada: IMG-20210213-WA0001.jpg (file attached)',
    'with words',
    '13/02/2021, 09:04 - Ada: This message was deleted',
    '13/02/2021, 09:05 - Ada: changed <This message was edited>',
    '13/02/2021, 09:06 - Ada: ',
  ].join('\r\n');

  it('keeps lines together, and what is pasted is text', async () => {
    const { items, findings, counts } = await decode(CHAT);
    expect(items.map(({ kind }) => kind)).toEqual([
      'note',
      'message',
      'message',
      'message',
      'deletion',
      'message',
      'message',
    ]);
    expect(text(items[1])).toBe('first line\nsecond line: with a colon\n\n12/31/20, 9:05 PM - Pasted: from elsewhere');
    expect(items[0]).toMatchObject({ direction: 'system', sender: null });
    expect(items[2]).toMatchObject({
      sender: { type: 'phone', value: '+31970102030' },
      attachments: [{ name: null, present: false }],
    });
    expect(items[3]?.attachments).toMatchObject([{ name: 'IMG-20210213-WA0001.jpg', present: false }]);
    expect(text(items[5])).toBe('changed');
    expect(findings.map(({ code }) => code).sort()).toEqual([
      'FIELD_COERCED',
      'REFERENCED_BUT_ABSENT',
      'TIME_ANOMALY',
      'TIME_ANOMALY',
    ]);
    expect(counts).toEqual({ records: 7, decoded: 7, lost: 0, notCovered: 0 });
    expect(items.map(({ locator }) => locator.row)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('finds files beside it and in a ZIP', async () => {
    const chat =
      '[13.02.21, 09:03:01] Ada: \u200e<Anhang: 00000001-PHOTO.jpg>\n[13.02.21, 09:04:01] Ada: \u200eimage omitted\n';
    const hash = sha256Hex(utf8Encode('picture'));
    const { items } = await decodeBeside(chat, { '00000001-PHOTO.jpg': 'picture' });
    expect(items[0]?.attachments).toEqual([
      { name: '00000001-PHOTO.jpg', mime: null, size: 7, sha256: hash, present: true },
    ]);
    const zip = await makeZip(
      [
        ['_chat.txt', chat],
        ['00000001-PHOTO.jpg', 'picture'],
      ],
      { password: null },
    );
    expect(detectFormat(probeOf('x.zip', memorySource(zip)))[0]?.format.name).toBe('whatsapp-text');
    const zipped = await decodeCapture(whatsappText, zip, { name: 'WhatsApp Chat - Ada.zip' });
    expect(zipped.items[0]).toMatchObject({
      conversation: 'WhatsApp Chat - Ada',
      locator: { path: 'WhatsApp Chat - Ada.zip!zip!_chat.txt' },
    });
    expect(zipped.items.flatMap(({ attachments }) => attachments.map(({ present }) => present))).toEqual([true, false]);
    const cut = await decodeCapture(whatsappText, zip.subarray(0, 60), { name: 'x.zip' });
    expect(cut.findings[0]).toMatchObject({ class: 'lost', records: null });
  });

  it('cuts long chats into units that say the same as one', async () => {
    const random = new Random(8);
    const lines = Array.from(
      { length: 9000 },
      (_, i) => `13/02/2021, 09:00 - P${random.below(3)}: m${i}\n${i % 7 === 0 ? 'more\n' : ''}`,
    );
    const decoded = await decode(lines.join(''));
    expect(decoded.plan.units).toHaveLength(3);
    expect(decoded.items.map((item) => text(item)?.split('\n')[0])).toEqual(lines.map((_, i) => `m${i}`));
  });

  it('survives anything, and accounts for it', async () => {
    const bit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('13/02/2021, 09:00 - A: ', '\n', '[1/2/20, 9:05:12 PM] ', '\u200e', ': '),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bit, { maxLength: 40 }), async (bits) => {
        const { counts, items } = await decode(bits.join(''));
        expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0));
        expect(items).toHaveLength(counts.decoded);
      }),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 5000 : 60 },
    );
  });

  it('is detected by its bytes', () => {
    const probe = (content: string | Uint8Array, name = 'x.txt') =>
      detectFormat(probeOf(name, memorySource(typeof content === 'string' ? utf8Encode(content) : content))).map(
        ({ format }) => format.name,
      );
    expect(probe(CHAT)).toEqual(['whatsapp-text']);
    expect(probe('13/02/2021, 09:00 - Ada: a', 'WhatsApp Chat with Ada.txt')).toEqual(['whatsapp-text']);
    expect(probe('hello\nworld\n')).toEqual([]);
    expect(probe('[2021-02-13 09:00:01] INFO: started\n[2021-02-13 09:00:02] INFO: stopped\n')).toEqual([]);
    expect(probe(deflateRawSync(utf8Encode(CHAT)))).toEqual([]);
  });
});
