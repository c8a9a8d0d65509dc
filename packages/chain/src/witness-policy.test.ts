import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf } from '../../../test/chain-ports.ts';
import { COSIGNATURE_TYPE, encodeVerifierKey, type VerifierKey, verifierKey } from './verifier-key.ts';
import { readWitnessPolicy } from './witness-policy.ts';

function keyOf(number: number): VerifierKey {
  const { publicKey } = signerOf(new Uint8Array(32).fill(number));
  return verifierKey(`w${number}.example`, publicKey, COSIGNATURE_TYPE);
}

const keys = Array.from({ length: 7 }, (_, i) => keyOf(i + 1));
const vkey = (i: number) => encodeVerifierKey(keys[i] as VerifierKey);
const logKey = encodeVerifierKey(verifierKey('lab-a.example/1', signerOf(new Uint8Array(32).fill(99)).publicKey));
const pick = (...numbers: readonly number[]) => numbers.map((i) => keys[i] as VerifierKey);
const malformed = expect.objectContaining({ code: 'POLICY_MALFORMED' });

/** The example of C2SP tlog-policy, with invented keys. */
const example = `
# two levels
log ${logKey} https://lab-a.example/log/

witness X1 ${vkey(0)}
witness X2 ${vkey(1)} https://x2.example/
\twitness  X3 ${vkey(2)}
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkey(3)}
witness Y2 ${vkey(4)}
witness Y3 ${vkey(5)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

describe('a witness policy', () => {
  it('decides as the example of the standard does', () => {
    const policy = readWitnessPolicy(example);
    expect(policy.logs.map(({ url }) => url)).toEqual(['https://lab-a.example/log/']);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['X1', null],
      ['X2', 'https://x2.example/'],
      ['X3', null],
      ['Y1', null],
      ['Y2', null],
      ['Y3', null],
    ]);
    const cases: readonly (readonly [readonly number[], boolean])[] = [
      [[], false],
      [[0, 1], false],
      [[0, 3], false],
      [[3, 4, 5], false],
      [[0, 1, 3], true],
      [[1, 2, 5], true],
      [[0, 1, 2, 3, 4, 5], true],
      [[0, 0, 3], false],
      [[6, 6, 6], false],
    ];
    for (const [signed, enough] of cases) expect(policy.isQuorum(pick(...signed)), signed.join()).toBe(enough);
  });

  it('may ask for nobody, or for one', () => {
    expect(readWitnessPolicy('quorum none\n').isQuorum([])).toBe(true);
    const one = readWitnessPolicy(`witness a ${vkey(0)}\nquorum a\n`);
    expect([one.isQuorum([]), one.isQuorum(pick(0)), one.isQuorum(pick(1))]).toEqual([false, true, false]);
  });

  it.each([
    ['nothing', ''],
    ['no quorum', `witness a ${vkey(0)}\n`],
    ['two quorums', 'quorum none\nquorum none\n'],
    ['a quorum of somebody unknown', 'quorum a\n'],
    ['a quorum before its witness', `quorum a\nwitness a ${vkey(0)}\n`],
    ['a witness twice', `witness a ${vkey(0)}\nwitness b ${vkey(0)}\nquorum a\n`],
    ['a name twice', `witness a ${vkey(0)}\nwitness a ${vkey(1)}\nquorum a\n`],
    ['a witness called none', `witness none ${vkey(0)}\nquorum none\n`],
    ['none as a member', 'group g any none\nquorum g\n'],
    ['a group of itself', 'group g any g\nquorum g\n'],
    ['an empty group', 'group g all\nquorum none\n'],
    ['a member in two groups', `witness a ${vkey(0)}\ngroup g any a\ngroup h any a\nquorum h\n`],
    ['a member twice', `witness a ${vkey(0)}\ngroup g any a a\nquorum g\n`],
    ['zero of one', `witness a ${vkey(0)}\ngroup g 0 a\nquorum g\n`],
    ['two of one', `witness a ${vkey(0)}\ngroup g 2 a\nquorum g\n`],
    ['01 of one', `witness a ${vkey(0)}\ngroup g 01 a\nquorum g\n`],
    ['a log key as a witness', `witness a ${logKey}\nquorum a\n`],
    ['a witness key as a log', `log ${vkey(0)}\nquorum none\n`],
    ['a log twice', `log ${logKey}\nlog ${logKey} https://x.example/\nquorum none\n`],
    ['a word too many', `witness a ${vkey(0)} https://x.example/ more\nquorum a\n`],
    ['an unknown line', 'include other\nquorum none\n'],
    ['a line that does not end', 'quorum none'],
    ['a carriage return', 'quorum none\r\n'],
    ['a control character', 'quorum none\n#\u0007\n'],
  ])('is refused with %s', (_, text) => {
    expect(() => readWitnessPolicy(text)).toThrow(malformed);
  });

  it('is refused with a key that is none', () => {
    expect(() => readWitnessPolicy('witness a nonsense\nquorum a\n')).toThrow(
      expect.objectContaining({ code: 'VERIFIER_KEY_MALFORMED' }),
    );
  });

  it('of anything is read or refused, and never breaks', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'all',
      'any',
      '1',
      '2',
      'a',
      'b',
      'none',
      '#',
      vkey(0),
      vkey(1),
    );
    const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        try {
          expect(readWitnessPolicy(`${lines.join('\n')}\n`).isQuorum(keys)).toEqual(expect.any(Boolean));
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^(POLICY|VERIFIER_KEY)_MALFORMED$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
