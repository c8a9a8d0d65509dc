import { BatchWriter } from '@custody/evidence';
import { expect, it } from 'vitest';
import type { Unit } from '../../format.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { signalBackup } from './index.ts';
import { PASSPHRASE, type Step, writeBackup } from './testing/write-backup.ts';

const keyring = { keys: [{ for: 'signal-backup', passphrase: PASSPHRASE, source: 'keyring.json' }] };
const rows = Array.from(
  { length: 9000 },
  (_, i): Step => ({
    sql: 'INSERT INTO message VALUES (?,?,?)',
    // Rows of all lengths, some of which no run of rows reaches over.
    values: [i + 1, 1_750_000_000_000 + i, `text ${i} `.repeat(i % 500 === 7 ? 900 : 1 + (i % 13))],
  }),
);
const create = { sql: 'CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent INTEGER, body TEXT)' };

it.each([0, 1])(
  'tells bytes that are others when rows are read for their items, header version %i',
  async (version) => {
    const { bytes } = writeBackup([create, ...rows, { end: true }], version);
    const file = { name: 'x.backup', source: memorySource(bytes) };
    const context = { keyring, scratch: new MemoryScratch() };
    const plan = await signalBackup.prepare(file, context);
    expect(plan.units).toHaveLength(3);
    const decoder = signalBackup.open(structuredClone({ state: plan.state }), file, context);
    const items = (unit: Unit) => {
      const out = new BatchWriter();
      decoder.decode(unit, out);
      return out.batch().count;
    };
    const [first, second, third] = plan.units as [Unit, Unit, Unit];
    expect([first, second, third].map(items)).toEqual([3999, 4000, 1001]);
    const { from, until } = second.state as { from: { offset: number }; until: number };
    for (let n = 0; n < 12; n++) {
      const at = from.offset + Math.floor(((until - from.offset - 1) * n) / 11);
      bytes[at] = (bytes[at] as number) ^ 1;
      expect(() => items(second)).toThrow('authenticated');
      bytes[at] = (bytes[at] as number) ^ 1;
      if (n % 6 === 0) expect([items(third), items(second)]).toEqual([1001, 4000]);
    }
  },
);
