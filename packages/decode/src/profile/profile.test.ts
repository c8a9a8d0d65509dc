import { describe, expect, it } from 'vitest';
import { builtinProfiles } from './builtin-profiles.ts';
import type { Profile } from './profile.ts';
import { profileHash } from './profile-hash.ts';
import { readProfile } from './read-profile.ts';

const [ndjson, csv] = builtinProfiles() as [Profile, Profile];

function mistakesIn(value: unknown): readonly string[] {
  try {
    readProfile(value);
  } catch (error) {
    const { code, detail } = error as { code: string; detail: { mistakes: readonly string[] } };
    expect(code).toBe('PROFILE_INVALID');
    return detail.mistakes;
  }
  return [];
}

describe('profiles', () => {
  it('lists every mistake of the form at once, with its path', () => {
    const [message] = ndjson.records;
    const wrong = {
      ...ndjson,
      nmae: 'x',
      platform: '',
      records: [{ ...message, kind: 'mesage', sealed: { ...message?.sealed, cipher: 'rot13' } }],
    };
    const mistakes = mistakesIn(wrong);
    expect(mistakes).toContain('/: unknown key "nmae"');
    expect(mistakes).toContain('/records/0/sealed/cipher: must be one of aes-256-gcm');
    expect(mistakes.some((line) => line.startsWith('/platform'))).toBe(true);
    expect(mistakes.some((line) => line.startsWith('/records/0/kind: must be one of message,'))).toBe(true);
  });

  it('refuses parts that do not go together', () => {
    const record = {
      kind: 'message',
      messageId: ['a', 'b'],
      recipients: { field: 'to', type: 'username', list: 'array', separator: ';' },
    };
    const container = { kind: 'csv', delimiter: ',', quote: ',', header: true, columns: ['a', 'a'] };
    expect(mistakesIn({ ...csv, container, records: [record, { kind: 'note', body: 'zz' }] })).toEqual([
      '/container: delimiter and quote are the same character',
      '/container: give "columns" where "header" is false, and only there',
      '/container/columns: a column name stands twice',
      '/records/0/recipients: give "separator" where "list" is "separated", and only there',
      '/records/0/messageId: a column of a CSV has one name, not a path',
      '/records/0/recipients/field: no column is named "to"',
      '/records/0/recipients/list: a CSV has no arrays; use "separated"',
      '/records/0: has no "when", so the types after it are never reached',
      '/records/1/body: no column is named "zz"',
    ]);
  });

  it('hashes what a profile means, not how it is written', () => {
    const turned = Object.fromEntries(Object.entries(ndjson).reverse());
    expect(profileHash(readProfile(turned))).toBe(profileHash(ndjson));
    expect(profileHash({ ...ndjson, title: 'another' })).not.toBe(profileHash(ndjson));
    expect(profileHash(csv)).not.toBe(profileHash(ndjson));
  });
});
