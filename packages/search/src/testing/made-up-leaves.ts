import { BatchWriter, type ItemKind, type LeafBatch, type Party } from '@custody/evidence';

/** An item as it was written, for the naive search: nothing of it is read back from columns. */
export interface MadeUpItem {
  readonly kind: ItemKind;
  readonly sender: Party | null;
  readonly recipients: readonly Party[];
  readonly owner: Party | null;
  readonly sentMs: number | null;
  readonly body: string | null;
  readonly attachment: string | null;
}

export interface MadeUpLeaves {
  readonly batch: LeafBatch;
  /** By leaf; null for a finding. */
  readonly items: readonly (MadeUpItem | null)[];
}

/** All invented: fictional number ranges, example domains. */
const parties: readonly Party[] = [
  { type: 'phone', value: '+493023125001' },
  { type: 'phone', value: '+49 30 23125-002', display: 'Nordlicht' },
  { type: 'phone', value: '0049 30 23125 003' },
  { type: 'username', value: '@kranfahrer' },
  { type: 'email', value: 'Quay.Nine@Example.ORG' },
  { type: 'group', value: 'Lager 4 ☕' },
  { type: 'whatsapp-lid', value: '100200300400500' },
  { type: 'imei', value: '490154203237518' },
];

const phrases: readonly string[] = [
  'meet at quay nine',
  'bring EUR 5,000 in small notes',
  'pay EUR 12.500,50 tomorrow',
  'price is $ 900',
  '0.5 kg or 103.5 kg',
  '30000 pills',
  'write to quay.nine@example.org',
  'call +49 30 23125 001 or +493023125777',
  'te-koop: 06-12345678',
  'see https://example.org/quay?n=9',
  'Straße ÄÖÜ naïve',
  '明日の夜 東京駅',
  'imei 490154203237518',
  'DE89370400440532013000',
  'я приеду завтра',
  '👍',
  '',
  '@kranfahrer knows',
];

/** A small generator (mulberry32), so that a seed names a batch. */
export function generatorOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` leaves of all kinds: messages, calls, undated, without body, with attachments, and findings between them. */
export function madeUpLeaves(seed: number, count: number): MadeUpLeaves {
  const random = generatorOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const writer = new BatchWriter();
  const items: (MadeUpItem | null)[] = [];
  for (let leaf = 0; leaf < count; leaf++) {
    if (random() < 0.08) {
      const locator = { path: 'made-up', offset: leaf, length: 1, row: leaf };
      writer.finding({ code: 'TRUNCATED', class: 'lost', records: 1, locator, related: [], detail: 'quay nine' });
      items.push(null);
      continue;
    }
    const words = Array.from({ length: Math.floor(random() * 4) }, () => pick(phrases));
    const item: MadeUpItem = {
      kind: random() < 0.9 ? 'message' : 'call',
      sender: random() < 0.9 ? pick(parties) : null,
      recipients: Array.from({ length: Math.floor(random() * 3) }, () => pick(parties)),
      owner: random() < 0.3 ? pick(parties) : null,
      sentMs: random() < 0.9 ? 1_700_000_000_000 + Math.floor(random() * 1000) * 1000 : null,
      body: random() < 0.9 ? `${words.join(' ')} ${pick(['', 'x', 'nr'])}${Math.floor(random() * 500)}` : null,
      attachment: random() < 0.1 ? pick(['photo.jpg', 'list quay.nine@example.org.txt']) : null,
    };
    writeItem(writer, item, leaf);
    items.push(item);
  }
  return { batch: writer.batch(), items };
}

function writeItem(writer: BatchWriter, item: MadeUpItem, leaf: number): void {
  const id = (party: Party) => writer.party(party.type, party.value, party.display);
  writer.begin(item.kind, 'made-up', null);
  writer.locator({ path: 'made-up', offset: leaf, length: 1, row: leaf });
  if (item.sender !== null) writer.sender(id(item.sender));
  for (const party of item.recipients) writer.recipient(id(party));
  if (item.owner !== null) writer.owner(id(item.owner));
  if (item.sentMs !== null) {
    const raw = String(item.sentMs);
    writer.sentAt({ utc: item.sentMs, raw, zone: 'UTC', precision: 'ms', clock: 'device' });
  }
  if (item.body !== null) writer.body(item.body);
  if (item.attachment !== null) {
    writer.attachment({ name: item.attachment, mime: null, size: null, sha256: null, present: false });
  }
  writer.end();
}
