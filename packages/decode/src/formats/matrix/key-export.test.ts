import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { matrixKeyExport } from './index.ts';
import { writeKeyExport } from './testing/write-keys.ts';
import { conversation } from './testing/write-room.ts';

const { sessions } = conversation();
const written = Buffer.from(writeKeyExport(sessions, 'a passphrase'));

function decode(bytes: Uint8Array, ...passphrases: string[]) {
  const keys = passphrases.map((passphrase) => ({ for: 'matrix-key-export', passphrase, source: 'keyring.json' }));
  return decodeAll(matrixKeyExport, { name: 'keys.txt', source: memorySource(bytes) }, { keys });
}

it('lists the sessions of an export and shows none of their keys', async () => {
  expect(detectFormat(probeOf('x', memorySource(written)))[0]).toMatchObject({ format: { name: 'matrix-key-export' } });
  const { items, counts, findings } = await decode(written, 'wrong', 'a passphrase');
  expect([counts, findings]).toEqual([{ records: 2, decoded: 2, lost: 0, notCovered: 0 }, []]);
  expect(items.map(({ fields }) => fields?.get('session_id'))).toEqual(sessions.map(({ session_id: id }) => id));
  const shown = JSON.stringify(items.map(({ fields }) => [...(fields ?? [])]));
  for (const { session_key: key } of sessions) expect(shown).not.toContain(key.slice(10, 60));
});

it('says why one does not open', async () => {
  const codes = async (bytes: Uint8Array, ...passphrases: string[]) =>
    (await decode(bytes, ...passphrases)).findings.map(({ code }) => code);
  expect(await codes(written)).toEqual(['KEY_MISSING']);
  expect(await codes(written, 'wrong')).toEqual(['KEY_NOT_VERIFIED']);
  expect(await codes(written.subarray(0, written.length - 40), 'a passphrase')).toEqual(['TRUNCATED']);
  const rounds = Buffer.from(written.toString().replace(/\n(.{44})(.{4})/, '\n$1////'));
  expect(await codes(rounds, 'a passphrase')).toEqual(['RECORD_MALFORMED']);
  expect(await codes(Buffer.from(written.toString().replace('\nA', '\nB')), 'a passphrase')).toEqual([
    'UNSUPPORTED_VERSION',
  ]);
  const altered = JSON.parse(JSON.stringify(sessions));
  altered[0].session_id = altered[1].session_id;
  const { items, findings } = await decode(Buffer.from(writeKeyExport(altered, 'x')), 'x');
  expect([items.length, findings.map(({ code }) => code)]).toEqual([1, ['RECORD_MALFORMED']]);
});

describeWithShared('the sample of exported keys', (shared) => {
  it('opens to its facts', async () => {
    const bytes = await readFile(`${shared}/samples/matrix/key-export-pass-1234.txt`);
    const expected = JSON.parse(await readFile(`${shared}/samples/matrix/key-export-pass-1234.expected.json`, 'utf8'));
    const { items } = await decode(bytes, '1234');
    expect(
      items.map(({ conversation, fields }) => [conversation, fields?.get('session_id'), fields?.get('sender_key')]),
    ).toEqual(expected.map((one: Record<string, string>) => [one.room_id, one.session_id, one.sender_key]));
  });
});
