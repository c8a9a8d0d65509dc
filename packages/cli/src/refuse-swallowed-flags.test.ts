import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { refuseSwallowedFlags } from './refuse-swallowed-flags.ts';

const query = new Command('query').option('--receipt <file>').option('--tz [zone]').option('--json');

describe('a flag that takes another for its value', () => {
  it.each([
    [['query', '--receipt', '--json'], true],
    [['query', '--receipt=--json', '--json'], false],
    [['query', '--receipt', '--jsonl'], false],
    [['query', '--tz', '--json'], false],
    [['query', '--json', '--receipt'], false],
  ])('%j: refused is %s', (args, refused) => {
    const check = () => refuseSwallowedFlags(query, args);
    if (refused) expect(check).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    else expect(check).not.toThrow();
  });
});
