import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexDecode, utf8Decode } from '@custody/bytes';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { KeyFinder } from './key-finder.ts';
import { openData } from './open-data.ts';
import { readOtr } from './otr-message.ts';
import { OtrSurvey } from './otr-survey.ts';

interface Transcript {
  readonly dh_keys: readonly { owner: string; priv: string }[];
  readonly wire: readonly { from: string; to: string; wire?: string }[];
  readonly received: readonly { at: string; m: string }[];
}

describeWithShared('OTR transcript of another implementation', (folder) => {
  const sample = JSON.parse(readFileSync(join(folder, 'vectors/xmpp/otr3-transcript.json'), 'utf8')) as Transcript;

  function open(exponents: readonly Uint8Array[]): { texts: string[]; unopened: number; revealed: number } {
    const survey = new OtrSurvey();
    sample.wire.forEach(({ from, to, wire }, i) => {
      const message = readOtr(wire ?? '');
      if (message !== null) survey.add(message, { from, to, place: `${i}`, order: i });
    });
    const facts = survey.facts();
    const finder = new KeyFinder(facts, { exponents, aesKeys: [] });
    const texts: string[] = [];
    let unopened = 0;
    let revealed = 0;
    for (const [order, { from, to, wire }] of sample.wire.entries()) {
      const message = readOtr(wire ?? '');
      if (message?.kind !== 'data') continue;
      const found = finder.find(message, { from, to, order });
      if (typeof found === 'string') {
        unopened++;
        continue;
      }
      if (facts.revealed.has(found.keys.macHex)) revealed++;
      const text = utf8Decode(openData(message, found.keys).text);
      if (text !== '') texts.push(`${to}: ${text}`);
    }
    return { texts, unopened, revealed };
  }

  const expected = sample.received.map(({ at, m }) => `${at}: ${m}`);

  it.each(['alice', 'bob', 'both'])('is opened by the exponents of %s', (side) => {
    const keys = sample.dh_keys.filter(({ owner }) => side === 'both' || owner === side);
    const { texts, unopened, revealed } = open(keys.map(({ priv }) => hexDecode(priv.padStart(80, '0'))));
    expect(texts).toEqual(expected);
    expect(unopened).toBe(0);
    expect(revealed).toBeGreaterThan(0);
  });

  it('is not opened by other exponents', () => {
    expect(open([hexDecode('07'.repeat(40))]).texts).toEqual([]);
  });
});
