import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemFailure } from './system-error.ts';

const thrown = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

it('says in words what the operating system refuses, and where', () => {
  const missing = join(tmpdir(), 'custody-there-is-no-such-file.json');
  expect(systemFailure(thrown(() => readFileSync(missing)))).toEqual({
    family: 'usage',
    code: 'ENOENT',
    message: `${missing}: there is no such file or directory`,
  });
  expect(systemFailure(thrown(() => readFileSync(tmpdir())))?.message).toContain('it is a directory');
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(systemFailure(full)).toMatchObject({ family: 'unavailable', message: expect.stringContaining('make room') });
});

it('leaves faults of the program to be told as such', () => {
  expect(systemFailure(new TypeError('x is not a function'))).toBeNull();
  expect(systemFailure(Object.assign(new Error('m'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeNull();
  expect(systemFailure('words')).toBeNull();
});
