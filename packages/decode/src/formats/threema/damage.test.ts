import { describe, expect, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { sweepDamage } from '../../testing/sweep-damage.ts';
import { bodyOf, listMembers } from '../../zip/index.ts';
import { makeZip, members, PASSWORD } from './testing/make-threema.ts';
import { threemaBackup } from './threema-format.ts';

const keyring = { keys: [{ for: 'threema-backup', passphrase: PASSWORD, source: 'test' }] };

describe('a damaged backup', () => {
  it('gives what is intact, says what is not, and never more', async () => {
    const bytes = await makeZip(members());
    const zip = memorySource(bytes);
    const borders = listMembers(zip).members.flatMap((member) => {
      const body = bodyOf(zip, member) as number;
      return [member.headerAt, body, body + 16, body + 18, body + member.packed - 10, body + member.packed];
    });
    const options = { name: 'threema-backup.zip', keyring, seed: 6, borders, few: 25 };
    expect(await sweepDamage(threemaBackup, bytes, options)).toEqual([]);
  }, 900_000);

  it('keeps the members before a cut', async () => {
    const bytes = await makeZip(members());
    const zip = memorySource(bytes);
    const last = listMembers(zip).members.at(-1);
    const { decodeCapture } = await import('../../testing/decode-capture.ts');
    const cut = bytes.subarray(0, last?.headerAt);
    const decoded = await decodeCapture(threemaBackup, cut, { name: 'x.zip', keyring });
    expect(decoded.items).toHaveLength(16);
    expect(decoded.findings).toContainEqual(
      expect.objectContaining({ code: 'TRUNCATED', class: 'lost', records: null }),
    );
  });
});
