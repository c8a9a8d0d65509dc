import { describe, expect, it } from 'vitest';
import { chatLines, faultsOf } from '../bench/accuracy/chat-lines.ts';

const lines = chatLines();
const languages = Map.groupBy(lines, ({ language }) => language);

/** Of a language's lines as many at least hold nothing: orders, scores, versions, times. */
const TRAPS = 0.3;

describe('lines of chat of ours', () => {
  it.each([...languages])('%s', (_, own) => {
    expect(own.length).toBeGreaterThan(90);
    expect(own.filter(({ wanted }) => wanted.length === 0).length / own.length).toBeGreaterThan(TRAPS);
    const wrong = own.flatMap((line) => faultsOf(line).map((fault) => `${line.text}: ${fault}`));
    expect(wrong).toEqual([]);
  });
});
