import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { signalBackupV2, signalExport } from './index.ts';
import { conversation } from './testing/conversation.ts';
import { framesOf, type Json } from './testing/write-backup.ts';

/** As the app writes it: 64-bit numbers as text, bytes as base64. */
function line(frame: Json): string {
  return JSON.stringify(frame, (_, value: unknown) => {
    if (typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer')
      return Buffer.from((value as unknown as { data: number[] }).data).toString('base64');
    return typeof value === 'number' && value > 2 ** 32 ? String(value) : value;
  });
}

const info = { version: '1', backupTimeMs: '1767322000000', currentAppVersion: 'Invented 1.0' };
const bytes = Buffer.from(`${[info, ...conversation].map(line).join('\n')}\n`);
const decode = (source: Uint8Array) => decodeAll(signalExport, { name: 'main.jsonl', source: memorySource(source) });

describe('an export in clear', () => {
  it('is recognised, and gives the same items as the frames in Protocol Buffers', async () => {
    const [found] = detectFormat(probeOf('main.jsonl', memorySource(bytes)));
    expect(found).toMatchObject({ format: { name: 'signal-export' }, claim: { confidence: 'certain' } });
    const plain = { name: 'main.jsonl', source: memorySource(framesOf(conversation).bytes) };
    const expected = await decodeAll(signalBackupV2, plain);
    const { items, counts } = await decode(bytes);
    expect(counts).toEqual(expected.counts);
    const what = ({ kind, messageId, sender, recipients, body, refs, attachments }: (typeof items)[number]) => {
      const said = { kind, messageId, sender, recipients, body, refs, attachments };
      return said;
    };
    expect(items.map(what)).toEqual(expected.items.map(what));
    expect(items[0]?.authentication?.result).toBe('none');
  });

  it('changed anywhere loses the line that was changed and no other', async () => {
    const whole = await decode(bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        const { counts, findings } = await decode(changed);
        expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0) + counts.notCovered);
        if (counts.decoded < whole.counts.decoded - 1) expect(findings.length).toBeGreaterThan(0);
      }),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 500 : 20 },
    );
  });
});

describeWithShared('the public export', (folder) => {
  it('decodes to its frames', async () => {
    const base = join(folder, 'samples', 'signal-v2');
    const { counts, items } = await decode(
      new Uint8Array(readFileSync(join(base, 'canonical-backup.takeout-export.expected.jsonl'))),
    );
    expect(counts).toEqual({ records: 6, decoded: 6, lost: 0, notCovered: 0 });
    expect(items.map(({ fields }) => fields?.get('content'))).toEqual([
      ...['backupInfo', 'account', 'self', 'releaseNotes', 'distributionList', 'callLink'],
    ]);
    expect(items[1]?.fields?.get('username')).toBe('boba_fett.66');
  });
});
