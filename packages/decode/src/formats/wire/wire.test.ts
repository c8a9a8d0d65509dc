import { readFileSync } from 'node:fs';
import { utf8Decode, utf8Encode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { sweepDamage } from '../../testing/sweep-damage.ts';
import { makeStore, makeWire, PASSWORD, sealWire, USER } from './testing/make-wire.ts';
import { wireBackup } from './wire-format.ts';

const keyring = (passphrase: string, id?: string) => ({
  keys: [{ for: 'wire-backup', passphrase, source: 'test', ...(id === undefined ? {} : { id }) }],
});
const decode = (bytes: Uint8Array, keys = keyring(PASSWORD)) =>
  decodeCapture(wireBackup, bytes, { name: 'backup.android_wbu', keyring: keys });
const codes = ({ findings }: Decoded) => findings.map(({ code }) => code).sort();
const text = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));
const byId = ({ items }: Decoded, id: string) => items.find((item) => item.messageId === id);

describe('a backup sealed by libsodium', () => {
  it('gives what is in it', async () => {
    const decoded = await decode(await makeWire());
    expect(decoded.counts).toEqual({ records: 12, decoded: 12, lost: 0, notCovered: 0 });
    expect(codes(decoded)).toEqual(['NOT_COVERED']);
    expect(byId(decoded, 'm1')).toMatchObject({
      ...{ kind: 'message', direction: 'incoming', conversation: 'r-1', authentication: { result: 'verified' } },
      sender: { type: 'wire', display: 'Ada' },
      recipients: [{ type: 'wire', value: USER, display: 'Owen' }],
      sentAt: { utc: 1_700_000_000_000, clock: 'server' },
    });
    expect(text(byId(decoded, 'm1'))).toBe('hi');
    expect(text(byId(decoded, 'm2'))).toBe('all of it');
    expect(byId(decoded, 'm2')).toMatchObject({ direction: 'outgoing', refs: [{ rel: 'reply-to', id: 'm1' }] });
    expect(byId(decoded, 'm3')?.attachments).toEqual([
      { name: 'a.png', mime: 'image/png', size: 42, sha256: null, present: false },
    ]);
    expect(['m4', 'm5', 'm6'].map((id) => byId(decoded, id)?.kind)).toEqual(['deletion', 'membership', 'call']);
    expect(decoded.items.filter(({ kind }) => kind === 'reaction')).toMatchObject([
      { direction: 'outgoing', refs: [{ rel: 'reacts-to', id: 'm1' }] },
    ]);
    expect(decoded.items.find(({ kind }) => kind === 'account')?.owner?.value).toBe(USER);
    expect(detectFormat(probeOf('x', memorySource(await makeWire())))[0]?.format.name).toBe('wire-backup');
  });

  it('tells a wrong password, another account, damage and what is no backup', async () => {
    const bytes = await makeWire();
    const detailOf = ({ findings }: Decoded) => findings.map(({ code, detail }) => `${code}: ${detail}`).join('\n');
    expect(codes(await decode(bytes, keyring('wrong')))).toEqual(['KEY_NOT_VERIFIED']);
    expect(detailOf(await decode(bytes, keyring('wrong', USER)))).toMatch(/No supplied password/);
    expect(detailOf(await decode(bytes, keyring('wrong', USER.replace('1', '9'))))).toMatch(/another account/);
    expect(codes(await decode(bytes, { keys: [] } as never))).toEqual(['KEY_MISSING']);
    const flipped = bytes.slice();
    flipped[bytes.length - 100] = (flipped[bytes.length - 100] as number) ^ 1;
    expect(codes(await decode(flipped))).toEqual(['KEY_PROVEN_THEN_DAMAGE']);
    expect(codes(await decode(bytes.subarray(0, 70)))).toEqual(['TRUNCATED']);
    expect(codes(await decode(Uint8Array.of(...bytes.subarray(0, 6), 7, ...bytes.subarray(7))))).toEqual([
      'UNSUPPORTED_VERSION',
    ]);
    const greedy = bytes.slice();
    greedy[59] = 0xff;
    expect(codes(await decode(greedy))).toEqual(['LIMIT_EXCEEDED']);
  });

  it('says what is inside when it is not what it should be', async () => {
    expect(codes(await decode(await sealWire(utf8Encode('no zip'))))).toEqual(['FORMAT_UNKNOWN']);
    expect(codes(await decode(await makeWire([['export.json', '{}']])))).toEqual(['FORMAT_UNKNOWN']);
    expect(
      codes(await decode(await makeWire([['db', 'no database, but long enough to be looked at as one'.repeat(20)]]))),
    ).toEqual(['FORMAT_UNKNOWN']);
    const other = await makeWire([
      ['export.json', JSON.stringify({ user_id: USER.replace('1', '9') })],
      ['db', makeStore()],
    ]);
    expect(codes(await decode(other))).toContain('CONFLICTING_COPIES');
  });

  it('gives nothing of a damaged backup as verified', async () => {
    const bytes = await makeWire();
    const borders = [5, 7, 23, 55, 63, 87, 88, bytes.length - 16, bytes.length - 1];
    const options = { name: 'x', keyring: keyring(PASSWORD), seed: 3, borders, few: 30 };
    expect(await sweepDamage(wireBackup, bytes, options)).toEqual([]);
  }, 60_000);
});

describeWithShared('the sample', (folder) => {
  it('gives what its notes say', async () => {
    const bytes = new Uint8Array(readFileSync(`${folder}/samples/wire/backup.android_wbu`));
    const user = '199a7b4b-4342-4de6-b4cb-f39852ee445b';
    const decoded = await decode(bytes, keyring('a', user));
    expect(decoded.items.filter(({ messageId }) => messageId !== null)).toHaveLength(26);
    expect(decoded.items.filter(({ kind }) => kind === 'message')).toHaveLength(24);
    expect(decoded.items[0]?.owner?.value).toBe(user);
    expect(decoded.findings.every(({ class: of }) => of === 'note')).toBe(true);
    expect(codes(await decode(bytes, keyring('b', user)))).toEqual(['KEY_NOT_VERIFIED']);
  });
});
