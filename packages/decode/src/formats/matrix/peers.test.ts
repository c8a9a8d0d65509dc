import { Attachment, BackupDecryptionKey, initAsync, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import Olm from '@matrix-org/olm';
import { beforeAll, expect, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { openAttachment, readEncryptedFile } from './attachment-cipher.ts';
import { type JsonObject, parseObject } from './json-value.ts';
import { BackupKey } from './key-backup.ts';
import { openKeyExport } from './key-export.ts';
import { looseBase64 } from './loose-base64.ts';
import { readMegolmMessage } from './megolm-message.ts';
import { MegolmSession, readSessionKey } from './megolm-session.ts';
import { BackupWriter, OutboundSession, sealFile, writeKeyExport } from './testing/write-keys.ts';
import { conversation } from './testing/write-room.ts';

/** What two implementations of others write, we read; what our fixtures write, they read. */

beforeAll(async () => {
  await Promise.all([initAsync(), Olm.init()]);
});

function open(key: string, ciphertext: string): string | undefined {
  const session = readSessionKey(looseBase64(key) as Buffer);
  const message = readMegolmMessage(looseBase64(ciphertext) as Buffer);
  const opened = session === null || message === null ? null : new MegolmSession(session).open(message);
  return opened?.outcome === 'opened' ? opened.plaintext.toString() : opened?.outcome;
}

it('opens what libolm encrypts, and libolm what our fixtures do', () => {
  const theirs = new Olm.OutboundGroupSession();
  theirs.create();
  const key = theirs.session_key();
  for (let i = 0; i < 300; i++) {
    const text = `message ${i} \u{1f4e8}`;
    const ciphertext = theirs.encrypt(text);
    if (i % 50 === 0 || i > 254) expect(open(key, ciphertext)).toBe(text);
  }
  theirs.free();
  const ours = new OutboundSession('peer');
  const inbound = new Olm.InboundGroupSession();
  inbound.import_session(ours.exported);
  expect(inbound.session_id()).toBe(ours.id);
  for (let i = 0; i < 260; i++) {
    const ciphertext = ours.encrypt(`message ${i}`);
    if (i % 50 === 0 || i > 254)
      expect(inbound.decrypt(ciphertext)).toEqual({ message_index: i, plaintext: `message ${i}` });
  }
  inbound.free();
});

it('opens the exports, backups and files of the Rust SDK, and the other way round', () => {
  const { sessions } = conversation();
  const ids = (json: string) => JSON.parse(json).map((one: { session_id: string }) => one.session_id);
  const expected = sessions.map((one) => one.session_id);
  const theirs = OlmMachine.encryptExportedRoomKeys(JSON.stringify(sessions), 'secret', 1000);
  const opened = openKeyExport(Buffer.from(theirs), 'secret');
  expect(ids(Buffer.from(opened.plaintext as Uint8Array).toString())).toEqual(expected);
  expect(ids(OlmMachine.decryptExportedRoomKeys(writeKeyExport(sessions, 'secret'), 'secret'))).toEqual(expected);

  const writer = new BackupWriter('peer', 'x');
  const sealed = writer.seal({ algorithm: 'm.megolm.v1.aes-sha2' }, 'one') as Record<string, string>;
  const key = BackupDecryptionKey.fromBase64(writer.secret.toString('base64').replace(/=+$/, ''));
  const read = key.decryptV1(sealed.ephemeral as string, sealed.mac as string, sealed.ciphertext as string);
  expect(parseObject(read)).toEqual(
    parseObject(String(new BackupKey(writer.secret).open(sealed as unknown as JsonObject))),
  );

  const content = Buffer.from('a file of some length');
  const attachment = Attachment.encrypt(content);
  const file = readEncryptedFile({
    ...(parseObject(attachment.mediaEncryptionInfo as string) as JsonObject),
    url: 'mxc://a/b',
  });
  const pieces: Uint8Array[] = [];
  openAttachment(file as NonNullable<typeof file>, memorySource(attachment.encryptedData), (piece) =>
    pieces.push(piece),
  );
  expect(Buffer.concat(pieces).toString()).toBe(content.toString());
  expect(sealFile(content, 'mxc://a/b').ciphertext).toHaveLength(content.length);
});
