import { BatchWriter, type LeafBatch } from '@custody/evidence';
import type { IndexQuery } from '@custody/search';

/** Messages of made-up words as common as Zipf's law has it, between made-up numbers. */
export function makeChats(random: () => number): {
  readonly batch: (leaves: number, segment: number) => LeafBatch;
  readonly queries: Readonly<Record<string, IndexQuery>>;
} {
  const words = Array.from({ length: 15_000 }, (_, i) => {
    const length = 1 + Math.floor(random() * 3 + Math.log2(i + 1) / 2.5);
    return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() ** 1.5 * 26))).join('');
  });
  const wordAt = (): string => words[Math.floor(words.length ** random()) - 1] as string;
  const users = Array.from({ length: 20_000 }, (_, i) => `+49302${String(i).padStart(7, '0')}`);
  const userAt = (): string => users[Math.floor(random() ** 2 * users.length)] as string;

  function message(): string {
    const size = 200 + Math.floor(random() * 200);
    const parts: string[] = [];
    for (let length = 0; length < size; length += 1 + (parts.at(-1)?.length ?? 0)) parts.push(wordAt());
    const draw = random();
    if (draw < 0.05) parts.push(`EUR ${Math.floor(random() * 90_000)}`);
    else if (draw < 0.08) parts.push(userAt());
    else if (draw < 0.1) parts.push(`${wordAt()}@example.org`);
    return parts.join(' ');
  }

  function batch(leaves: number, segment: number): LeafBatch {
    const writer = new BatchWriter();
    for (let leaf = 0; leaf < leaves; leaf++) {
      writer.begin('message', 'bench', null);
      writer.locator({ path: 'bench', offset: leaf, length: 1, row: leaf });
      writer.sender(writer.party('phone', userAt()));
      writer.recipient(writer.party('phone', userAt()));
      const utc = 1_700_000_000_000 + (segment * leaves + leaf) * 977;
      writer.sentAt({ utc, raw: String(utc), zone: 'UTC', precision: 'ms', clock: 'server' });
      writer.body(message());
      writer.end();
    }
    return writer.batch();
  }

  return {
    batch,
    queries: {
      'a phone number': { type: 'phone', value: users[15_000] as string },
      'a busy party': { party: users[3] as string },
      'a value that is nowhere': { value: 'nobody@example.net' },
      'a rare word': { text: words[14_000] as string },
      'a common word': { text: words[400] as string },
      'two words': { text: `${words[9000]} ${words[20]}` },
      'money of 89,990 and more': { type: 'money', min: '89990' },
      'a minute': { from: 1_700_000_060_000, to: 1_700_000_120_000 },
    },
  };
}
