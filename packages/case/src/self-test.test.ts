import { describe, expect, it } from 'vitest';
import { selfTest } from './self-test.ts';

describe('the self-test', () => {
  it('holds on this machine, and says what it asked', () => {
    const names = selfTest();
    expect(names.length).toBeGreaterThanOrEqual(9);
    expect(names.join('\n')).toMatch(/SHA-256[\s\S]*HKDF[\s\S]*AES-256-GCM[\s\S]*Ed25519/);
  });

  it('is an integrity error that names what came out otherwise', () => {
    const answers = [
      { name: 'one', holds: () => true },
      { name: 'another', holds: () => false },
    ];
    expect(() => selfTest(answers)).toThrow(
      expect.objectContaining({
        family: 'integrity',
        code: 'SELF_TEST_FAILED',
        message: expect.stringMatching(/: another\./),
      }),
    );
  });
});
