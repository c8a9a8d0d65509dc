import { FormatError, IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { fateOf, framesOf } from './retry.ts';

describe('the fate of a failed job', () => {
  it.each([
    [new UnavailableError('X', 'away'), true],
    [new IntegrityError('X', 'altered'), false],
    [new FormatError('X', 'broken'), false],
    [new UsageError('X', 'wrong'), false],
    [new Error('anything'), false],
    ['a string', false],
    [undefined, false],
  ])('of %s: tried again is %s', (error, again) => {
    expect(fateOf(error).again).toBe(again);
  });

  it('keeps the words of our own errors and none of others', () => {
    expect(fateOf(new UsageError('NO_RIGHTS', 'you do not hold it'))).toMatchObject({ message: 'you do not hold it' });
    const foreign = new RangeError('content\n    of a message');
    expect(JSON.stringify([fateOf(foreign), framesOf(foreign)])).not.toMatch(/content|of a message/);
    expect(framesOf(foreign)[0]).toContain('retry.test.ts');
  });
});
