import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { OtrContinuity } from './otr-continuity.ts';
import { readOtr } from './otr-message.ts';

interface Wire {
  readonly from: string;
  readonly wire: string;
}

describeWithShared('the messages of an OTR transcript', (shared) => {
  const { wire } = JSON.parse(readFileSync(join(shared, 'vectors/xmpp/otr3-transcript.json'), 'utf8')) as {
    wire: Wire[];
  };
  const messages = wire.filter((one) => one.wire !== undefined);

  function said(list: readonly Wire[]): string[] {
    const continuity = new OtrContinuity();
    for (const [record, { from, wire: text }] of list.entries()) {
      const message = readOtr(text);
      const to = from === 'alice' ? 'bob' : 'alice';
      if (message !== null) continuity.add(message, { from, to, archive: '', record });
    }
    return continuity.breaks().map(({ code, from, count, records }) => `${code} ${from} ${count} ${records.join()}`);
  }

  it('follow one another as the program sent them', () => {
    expect(said(messages)).toEqual([]);
  });

  it('tell by counters and keys that one is missing, unless nothing that came after rests on it', () => {
    const data = messages.flatMap(({ wire: text }, i) => (readOtr(text)?.kind === 'data' ? [i] : []));
    expect(data.map((i) => said(messages.toSpliced(i, 1)))).toEqual([
      ['SEQUENCE_GAP bob 1 5'],
      ['SEQUENCE_GAP alice 1 6'],
      ['SEQUENCE_GAP alice 1 7'],
      [],
      ['SEQUENCE_GAP alice 1 9'],
      [],
    ]);
  });

  it('tell a message that came again, and one with another next key', () => {
    const first = messages.findIndex(({ wire: text }) => readOtr(text)?.kind === 'data');
    const again = messages[first] as Wire;
    expect(said(messages.toSpliced(first, 0, again))).toEqual(['REPLAY alice 1 6']);
    const bytes = Buffer.from(again.wire.slice(5, -1), 'base64');
    bytes[30] = (bytes[30] as number) ^ 1;
    const other = { from: 'alice', wire: `?OTR:${bytes.toString('base64')}.` };
    expect(said(messages.toSpliced(first + 1, 0, other))).toContain('CONFLICTING_COPIES alice 1 6');
  });
});
