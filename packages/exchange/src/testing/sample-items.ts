import { utf8Encode } from '@custody/bytes';
import type { Instant, Item } from '@custody/evidence';
import type { ExchangeHeader, ExchangeItem } from '../exchange-item.ts';

/** Texts that some reader would run, break on or show wrongly. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script> & "quotes" \'single\'',
  '=HYPERLINK("http://example.org","x")',
  '+31 6 5550 0199',
  'two\r\nlines, a comma; a \u0014 delimiter \u00fe and \u00ae',
  '\u0000\u0001\u001b[31mred\u001b[0m \ufffe \ud800 lone',
  '\u202egnp.exe\u202c שלום עולם مرحبا',
  '_x0041_ ]]> --> \u2028 end',
  '%PDF-1.7 (Tj) \\) endobj',
  '👩‍👩‍👧 日本語 ไทย',
];

export const sampleHeader: ExchangeHeader = {
  origin: 'custody.example/case-1',
  title: 'Sample & case',
  verifierKey: 'custody.example/case-1+00000000+AAAA',
  size: 12,
  asOf: '2026-03-01T10:00:00.000Z',
  tool: { version: '0.1.0', build: 'ab'.repeat(32) },
  authorities: [
    {
      ...{ id: 'W-1', reference: 'Rb 12/345', issuedBy: 'Court of Example', type: 'search' },
      ...{ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2026-12-31T00:00:00.000Z' },
    },
  ],
  selection: ['items 0-9'],
  redacted: [],
  exhibitRef: 'JD/1',
};

export function instant(utc: number | null): Instant {
  return { utc, raw: String(utc), zone: 'UTC', precision: 'ms', clock: 'device' };
}

/** An item in conversation `chat-1`; whatever the test is about is given. */
export function sampleItem(index: number, given: Partial<Item> & { readonly text?: string } = {}): ExchangeItem {
  const { text, ...fields } = given;
  const item: Item = {
    ...{ kind: 'message', platform: 'example', direction: 'incoming', sources: [], messageId: `m${index}` },
    locator: { path: 'dump.ndjson', offset: index * 10, length: 10, row: index },
    conversation: 'chat-1',
    sender: { type: 'phone', value: '+31655500101', display: 'Ann, "A"' },
    recipients: [{ type: 'username', value: '@bob' }],
    owner: { type: 'username', value: '@bob' },
    sentAt: instant(Date.UTC(2026, 0, 2, 23, 59, 58) + index * 1000),
    ...{ times: null, body: text === undefined ? null : utf8Encode(text.toWellFormed()), refs: [], attachments: [] },
    ...{ authentication: null, fields: null },
    ...fields,
  };
  return { index, leaf: index.toString(16).padStart(64, '0'), capture: 'c'.repeat(64), item, withheld: [] };
}

/** One conversation with each kind of item, hostile texts, an undated item; and one item without a conversation. */
export function sampleItems(): ExchangeItem[] {
  const texts = hostileTexts.map((text, i) => sampleItem(i, { text }));
  const next = texts.length;
  const photo = { name: '../photo.jpg', mime: 'image/jpeg', size: 5, sha256: 'a'.repeat(64), present: false };
  return [
    ...texts,
    sampleItem(next, { attachments: [photo], messageId: null }),
    sampleItem(next + 1, { kind: 'reaction', text: '👍', refs: [{ rel: 'reacts-to', id: 'm0' }] }),
    sampleItem(next + 2, { kind: 'edit', text: 'edited', refs: [{ rel: 'edits', id: 'elsewhere' }] }),
    sampleItem(next + 3, { kind: 'call', times: new Map([['until', instant(Date.UTC(2026, 0, 3, 1))]]) }),
    { ...sampleItem(next + 4, { sentAt: null, text: 'no time' }), withheld: ['sender'] },
    sampleItem(next + 5, { kind: 'contact', conversation: null, sender: null, recipients: null }),
  ];
}

export async function* streamed<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
