import { describe, expect, it } from 'vitest';
import { chatLines, faultsOf } from '../bench/accuracy/chat-lines.ts';

const lines = chatLines();
const languages = Map.groupBy(lines, ({ language }) => language);

/** Of a language's lines as many at least hold nothing: orders, scores, versions, times. */
const TRAPS = 0.3;
/** Signs and labels around what is found, in no language. */
const ANY = 'any';

describe('lines of chat of ours', () => {
  it.each([...languages])('%s', (language, own) => {
    expect(own.length).toBeGreaterThan(90);
    const traps = own.filter(({ wanted }) => wanted.length === 0).length;
    if (language !== ANY) expect(traps / own.length).toBeGreaterThan(TRAPS);
    const wrong = own.flatMap((line) => faultsOf(line).map((fault) => `${line.text}: ${fault}`));
    expect(wrong).toEqual([]);
  });
});
