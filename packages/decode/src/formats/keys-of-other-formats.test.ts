import { beforeAll, describe, expect, it } from 'vitest';
import type { CaptureFile, Format } from '../format.ts';
import type { SuppliedKey } from '../keyring.ts';
import { MemoryScratch } from '../testing/memory-scratch.ts';
import { memorySource } from '../testing/memory-source.ts';
import { iosBackup } from './ios-backup/index.ts';
import { PASSWORD as IOS, makeIosBackup } from './ios-backup/testing/make-ios-backup.ts';
import { matrixKeyExport } from './matrix/index.ts';
import { writeKeyExport } from './matrix/testing/write-keys.ts';
import { signalBackup } from './signal-backup/index.ts';
import { conversation, PASSPHRASE, writeBackup } from './signal-backup/testing/write-backup.ts';
import { signalBackupV2 } from './signal-backup-v2/index.ts';
import { framesOf, OWN_ACI, POOL, remoteFile, TOKEN } from './signal-backup-v2/testing/write-backup.ts';
import { makeDesktop } from './signal-desktop/testing/make-desktop.ts';
import { sqlcipher } from './sqlcipher/index.ts';
import { threemaBackup } from './threema/index.ts';
import { makeZip, members, PASSWORD as THREEMA } from './threema/testing/make-threema.ts';
import { whatsappCrypt15 } from './whatsapp/index.ts';
import { makeCrypt15, ROOT } from './whatsapp/testing/make-backup.ts';
import { wireBackup } from './wire/index.ts';
import { makeWire, PASSWORD as WIRE } from './wire/testing/make-wire.ts';

const source = 'test';
const bytes32 = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** What opens each of them; the key of one is of the wrong kind for every other. */
const KEYS: Readonly<Record<string, readonly SuppliedKey[]>> = {
  'signal-backup': [{ for: 'signal-backup', passphrase: PASSPHRASE.split('').reverse().join(''), source }],
  'signal-backup-v2': [
    { for: 'signal-backup-v2', passphrase: POOL.split('').reverse().join(''), id: OWN_ACI, source },
    { for: 'signal-backup-v2-token', bytes: new Uint8Array(TOKEN), source },
  ],
  'whatsapp-crypt15': [{ for: 'whatsapp-crypt15', bytes: ROOT.map((byte) => byte ^ 1), source }],
  sqlcipher: [{ for: 'sqlcipher', bytes: bytes32(1), source }],
  'ios-backup': [{ for: 'ios-backup', passphrase: `${IOS}.`, source }],
  'threema-backup': [{ for: 'threema-backup', passphrase: `${THREEMA}.`, source }],
  'wire-backup': [{ for: 'wire-backup', passphrase: `${WIRE}.`, source }],
  'matrix-key-export': [{ for: 'matrix-key-export', passphrase: 'another', source }],
};
/** Files whose purpose nobody stated: a raw key, a password, noise, an empty line. */
const LOOSE: readonly SuppliedKey[] = [
  { for: 'file', bytes: bytes32(9), source },
  { for: 'file', bytes: Buffer.from('not the password\n'), source },
  { for: 'file', bytes: Uint8Array.from({ length: 200 }, (_, i) => (i * 37) % 256), source },
  { for: 'file', bytes: Buffer.from('\n'), source },
];

const captures = new Map<string, { readonly format: Format; readonly file: CaptureFile }>();

beforeAll(async () => {
  const add = (format: Format, name: string, bytes: Uint8Array) =>
    captures.set(format.name, { format, file: { name, source: memorySource(new Uint8Array(bytes)) } });
  add(signalBackup, 'signal.backup', writeBackup(conversation(), 1).bytes);
  add(signalBackupV2, 'signal.backup', remoteFile(framesOf([]).bytes));
  add(whatsappCrypt15, 'msgstore.db.crypt15', makeCrypt15(new Uint8Array(2000).fill(7)));
  add(sqlcipher, 'db.sqlite', makeDesktop('columns').database);
  add(threemaBackup, 'threema.zip', await makeZip(members()));
  add(wireBackup, 'wire.android_wbu', await makeWire());
  add(matrixKeyExport, 'keys.txt', Buffer.from(writeKeyExport([], 'right')));
  const content = Buffer.from('content');
  const folder = makeIosBackup([{ domain: 'HomeDomain', path: 'a.txt', content }], { encrypted: true });
  const open = (path: string) => {
    const bytes = folder.get(path);
    return bytes === undefined ? null : memorySource(new Uint8Array(bytes));
  };
  const plist = open('Manifest.plist') as CaptureFile['source'];
  const whole = { names: [...folder.keys()], open };
  captures.set('ios-backup', {
    format: iosBackup,
    file: { name: 'Manifest.plist', source: plist, beside: open, folder: whole },
  });
});

async function refused(name: string, keys: readonly SuppliedKey[]) {
  const { format, file } = captures.get(name) as { format: Format; file: CaptureFile };
  const plan = await format.prepare(file, { keyring: { keys }, scratch: new MemoryScratch() });
  const codes = plan.findings.filter((one) => one.class !== 'note').map(({ code }) => code);
  return { units: plan.units.length, codes };
}

describe('a capture whose key was not supplied', () => {
  it.each(Object.keys(KEYS))('%s: none, the keys of all other formats, files of no stated purpose', async (name) => {
    const others = Object.entries(KEYS).flatMap(([of, keys]) => (of === name ? [] : keys));
    expect(await refused(name, [])).toEqual({ units: 0, codes: ['KEY_MISSING'] });
    const { units, codes } = await refused(name, others);
    expect([units, codes.length, ['KEY_MISSING', 'KEY_NOT_VERIFIED'].includes(codes[0] as string)]).toEqual([
      0,
      1,
      true,
    ]);
    const loose = await refused(name, LOOSE);
    expect([loose.units, loose.codes.length]).toEqual([0, 1]);
    expect(['KEY_MISSING', 'KEY_NOT_VERIFIED']).toContain(loose.codes[0]);
  });

  it.each(Object.keys(KEYS))('%s: a wrong one of its own kind', async (name) => {
    const { units, codes } = await refused(name, KEYS[name] as readonly SuppliedKey[]);
    expect(units).toBe(0);
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(/^(KEY_NOT_VERIFIED|AUTHENTICATION_FAILED)$/);
  });
});
