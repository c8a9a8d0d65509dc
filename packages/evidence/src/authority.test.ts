import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAuthority } from './authority.ts';
import { endOf, isAuthorityTime, startOf } from './authority-time.ts';

const good = {
  id: 'W-1',
  reference: 'r',
  issuedBy: 'i',
  jurisdiction: 'DE',
  legalBasis: 'l',
  validFrom: '2024-01-01',
  validTo: '2024-12-31',
  scope: { period: { from: '2024-03-01', to: '2024-03-01' } },
};

/** The mistakes that an authority is refused for. */
function mistakes(value: unknown): readonly string[] {
  try {
    readAuthority(value);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'AUTHORITY_INVALID', family: 'usage' });
    return (error as { detail: { mistakes: string[] } }).detail.mistakes;
  }
}

describe('an authority', () => {
  it('of one day is valid', () => {
    expect(mistakes(good)).toEqual([]);
  });

  it('has all its mistakes named at once, each with its path', () => {
    const { reference: _, ...rest } = good;
    const scope = { period: { from: '2024-02-30', to: '2024-03-01' }, target: [], contentClasses: ['voicemail'] };
    const found = mistakes({ ...rest, use: 'anything', scope, validTo: 'soon', colour: 'red' });
    expect(found).toHaveLength(7);
    const text = found.join('\n');
    for (const part of [
      '/: "reference" is missing',
      '/: unknown key "colour"',
      '/scope: unknown key "target"',
      '/scope/period/from: must be YYYY-MM-DD',
      '/scope/contentClasses/0: must be one of messages',
      '/validTo: must be',
      '/use: must be one of evidence',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each(['target', 'Targets', 'platform', 'periods', 'content_classes'])(
    'with a restriction misspelt as %s is refused: it would restrict nothing',
    (name) => {
      expect(mistakes({ ...good, scope: { ...good.scope, [name]: ['x'] } })).toEqual([`/scope: unknown key "${name}"`]);
    },
  );

  it('with a list that names nobody is refused: it would restrict everything or nothing', () => {
    expect(mistakes({ ...good, scope: { ...good.scope, targets: [] } })).toHaveLength(1);
    expect(mistakes({ ...good, scope: { ...good.scope, platforms: [] } })).toHaveLength(1);
  });

  it('that ends before it begins is refused', () => {
    expect(mistakes({ ...good, validTo: '2023-12-31' })).toEqual([expect.stringContaining('/validFrom, /validTo')]);
    const period = { from: '2024-03-01T12:00:00Z', to: '2024-03-01T12:00:00Z' };
    expect(mistakes({ ...good, scope: { period } })).toEqual([expect.stringContaining('/scope/period')]);
  });

  it('is never read from anything else, and nothing makes it crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(mistakes(value).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a time of an authority', () => {
  it.each([
    '2024-03-31',
    '2024-02-29',
    '2024-03-31T10:00Z',
    '2024-03-31T10:00:00+02:00',
    '2024-03-31T10:00:00.5-05:00',
  ])('%s is one', (text) => {
    expect(isAuthorityTime(text)).toBe(true);
  });

  it.each([
    '2023-02-29',
    '2024-13-01',
    '2024-04-31',
    '2024-03-31T10:00',
    '2024-03-31 10:00Z',
    '24-03-31',
    '2024-03-31T25:00Z',
    '',
  ])('%j is none', (text) => {
    expect(isAuthorityTime(text)).toBe(false);
  });

  it('a date is a UTC day, a time an instant', () => {
    expect(endOf('2024-02-28') - startOf('2024-02-28')).toBe(86_400_000);
    expect(endOf('2024-02-28T10:00+02:00')).toBe(startOf('2024-02-28T08:00Z'));
  });
});
