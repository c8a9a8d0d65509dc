import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { openAttachment, readEncryptedFile } from './attachment-cipher.ts';
import { ed25519Key } from './ed25519.ts';
import { contentHash, eventIdOf, verifySignedJson } from './event-integrity.ts';
import { type JsonObject, objectOf, parseJson, parseObject, textOf } from './json-value.ts';
import { BackupKey } from './key-backup.ts';
import { openKeyExport } from './key-export.ts';
import { looseBase64, unpadded } from './loose-base64.ts';
import { readMegolmMessage } from './megolm-message.ts';
import { MegolmRatchet } from './megolm-ratchet.ts';
import { MegolmSession, readSessionKey } from './megolm-session.ts';
import { readRecoveryKey } from './recovery-key.ts';
import { redactEvent } from './redact-event.ts';
import { type RoomVersion, roomVersion } from './room-version.ts';
import { isStorageKey, keyFromPassphrase, openSecret } from './secret-storage.ts';

interface Vector {
  readonly [name: string]: string & Vector & Vector[];
}

const bytes = (text: string | null) => looseBase64(text) as Buffer;
const version = (name: string) => roomVersion(name) as RoomVersion;

function session(key: string): MegolmSession {
  return new MegolmSession(readSessionKey(bytes(key)) as NonNullable<ReturnType<typeof readSessionKey>>);
}

function open(key: string, ciphertext: string): string {
  const message = readMegolmMessage(bytes(ciphertext));
  const opened = message === null ? null : session(key).open(message);
  return opened?.outcome === 'opened' ? opened.plaintext.toString() : String(opened?.outcome);
}

describeWithShared('the public vectors of Matrix', (shared) => {
  const vectors = JSON.parse(readFileSync(`${shared}/vectors/matrix/matrix-vectors.json`, 'utf8')) as Record<
    string,
    Vector[]
  >;
  const list = (name: string) => (vectors[name] as Vector[]).map((one, i) => [i, one] as const);
  const at = (name: string, i: number) => list(name)[i]?.[1] as Vector;
  const exported = list('key_export').flatMap(([, { export: file, passphrase }]) => {
    const opened = openKeyExport(Buffer.from(file as string), passphrase as string);
    const sessions = opened.plaintext === null ? undefined : parseJson(Buffer.from(opened.plaintext).toString());
    return Array.isArray(sessions) ? (sessions as JsonObject[]) : [];
  });
  const backedUp = list('backup').map(([, { private_key_b64: key, session_data: sealed }]) => {
    const opened = new BackupKey(bytes(key as string)).open(sealed as unknown as JsonObject);
    return parseObject(String(opened)) as JsonObject;
  });

  it.each(list('key_export'))('key export %i', (_, { export: file, passphrase, plaintext }) => {
    const opened = openKeyExport(Buffer.from(file as string), passphrase as string);
    expect(opened.problem).toBeNull();
    const text = Buffer.from(opened.plaintext as Uint8Array).toString();
    if (plaintext === undefined) expect(Array.isArray(JSON.parse(text))).toBe(true);
    else expect(text).toBe(plaintext);
    expect(openKeyExport(Buffer.from(file as string), `${passphrase}x`).problem).toBe('mac');
  });

  it.each(list('megolm_events'))('Megolm event %i', (_, { session_id: id, ciphertext, body, newBody }) => {
    const ofId = (one: JsonObject) =>
      unpadded(readSessionKey(bytes(textOf(one, 'session_key')))?.publicKey ?? bytes('')) === id;
    const found = [...exported, ...backedUp].find(ofId) as JsonObject;
    const plain = parseObject(open(textOf(found, 'session_key') as string, ciphertext as string));
    expect(plain).not.toBeNull();
    const content = objectOf(plain, 'content');
    if (body !== undefined) expect(textOf(content, 'body')).toBe(body);
    if (newBody !== undefined) expect(textOf(objectOf(content, 'm.new_content'), 'body')).toBe(newBody);
  });

  it.each(list('backup'))('backup %i', (i, { public_key_b64: stated, private_key_b64: key, session_data: sealed }) => {
    expect(textOf(backedUp[i] as JsonObject, 'algorithm')).toBe('m.megolm.v1.aes-sha2');
    const opener = new BackupKey(bytes(key as string));
    if (stated !== undefined) expect(unpadded(opener.publicKey)).toBe(stated);
    const other = new BackupKey(Buffer.alloc(32, 7));
    expect(other.open(sealed as unknown as JsonObject)).toBeNull();
  });

  it.each(list('recovery_key_base58'))('recovery key %i', (_, { base58, hex, bad_parity: bad }) => {
    if (bad === undefined)
      expect(Buffer.from(readRecoveryKey(base58 as string) as Uint8Array).toString('hex')).toBe(hex);
    else expect(readRecoveryKey(bad)).toBe('mistyped');
  });

  it.each(list('ssss'))('secret storage %i', (_, vector) => {
    const description = vector.key_description as unknown as JsonObject;
    const sealed = vector.encrypted as unknown as JsonObject;
    const key = keyFromPassphrase(description, vector.passphrase as string) as Uint8Array;
    expect(isStorageKey(description, key)).toBe(true);
    expect(String(openSecret(sealed, vector.secret_name as string, key))).toBe(vector.secret_plaintext_b64key);
    const wrong = keyFromPassphrase(description, 'another') as Uint8Array;
    expect(isStorageKey(description, wrong)).toBe(false);
    expect(openSecret(sealed, vector.secret_name as string, wrong)).toBeNull();
  });

  it.each(list('attachments'))('attachment %i', (_, { ciphertext_hex: hex, plaintext, file }) => {
    const sealed = readEncryptedFile(file as unknown as JsonObject);
    const ciphertext = Buffer.from(hex as string, 'hex');
    const out: Uint8Array[] = [];
    expect(
      openAttachment(sealed as NonNullable<typeof sealed>, memorySource(ciphertext), (piece) => out.push(piece)),
    ).not.toBeNull();
    expect(Buffer.concat(out).toString()).toBe(plaintext);
    ciphertext[0] = (ciphertext[0] as number) ^ 1;
    expect(openAttachment(sealed as NonNullable<typeof sealed>, memorySource(ciphertext))).toBeNull();
  });

  it.each(list('megolm_shared_session'))(
    'shared session %i',
    (_, { session_key: key, session_key_of: of, message, plaintext }) => {
      const shown = key ?? at('megolm_shared_session', Number(of)).session_key;
      expect(open(shown as string, message as string)).toBe(plaintext ?? 'signature-failed');
    },
  );

  it.each(list('ratchet').filter(([, { start }]) => start !== undefined))(
    'ratchet %i',
    (_, { start, from, to, expect: wanted }) => {
      const ratchet = new MegolmRatchet(Buffer.from(start as string, 'hex'), Number(from));
      ratchet.advance(Number(to));
      expect(Buffer.from(ratchet.bytes).toString('hex')).toBe(wanted);
    },
  );

  it('ratchet 3: goes round the counter', () => {
    const start = Buffer.from(at('ratchet', 0).start as string, 'hex');
    const [round, straight] = [new MegolmRatchet(start, 0xffffffff), new MegolmRatchet(start, 0)];
    round.advance(0x1000000);
    straight.advance(0x2000000);
    expect(round.bytes).toEqual(straight.bytes);
  });

  it.each(['alice', 'bob'])('the js-sdk vectors of %s', (who) => {
    const sample = parseObject(readFileSync(`${shared}/samples/matrix/${who}_vectors.json`, 'utf8'));
    const sessionKey = (name: string) => textOf(objectOf(sample, name), 'session_key') as string;
    const ciphertext = textOf(objectOf(objectOf(sample, 'encrypted_event'), 'content'), 'ciphertext') as string;
    expect(JSON.parse(open(sessionKey('session'), ciphertext)).content.body).toBe('Hello world');
    expect(open(sessionKey('ratcheted_session'), ciphertext)).toBe('key-begins-later');
    const backup = new BackupKey(bytes(textOf(sample, 'backup_decryption_key_base64')));
    const sealed = objectOf(objectOf(sample, 'key_backup_session'), 'session_data') as JsonObject;
    expect(textOf(parseObject(String(backup.open(sealed))), 'session_key')).toBe(sessionKey('session'));
  });

  it('the signed objects and the recovery key of the js-sdk', () => {
    const data = parseObject(readFileSync(`${shared}/vectors/matrix/matrix-js-sdk.crypto-test-data.json`, 'utf8'));
    const device = ed25519Key(bytes(textOf(data, 'TEST_DEVICE_PUBLIC_ED25519_KEY_BASE64'))) as KeyObject;
    const recovery = readRecoveryKey(textOf(data, 'BACKUP_DECRYPTION_KEY_BASE58') as string) as Uint8Array;
    expect(bytes(textOf(data, 'BACKUP_DECRYPTION_KEY_BASE64'))).toEqual(Buffer.from(recovery));
    const auth = objectOf(objectOf(data, 'SIGNED_BACKUP_DATA'), 'auth_data') as JsonObject;
    expect(unpadded(new BackupKey(recovery).publicKey)).toBe(textOf(auth, 'public_key'));
    for (const object of [auth, objectOf(data, 'SIGNED_TEST_DEVICE_DATA') as JsonObject]) {
      const signatures = objectOf(objectOf(object, 'signatures'), '@alice:localhost');
      expect(verifySignedJson(object, device, textOf(signatures, 'ed25519:test_device') as string)).toBe(true);
      expect(
        verifySignedJson({ ...object, user_id: '@x:y' }, device, textOf(signatures, 'ed25519:test_device') as string),
      ).toBe(false);
    }
  });

  it.each(['', 'BOB_'])('the cross-signing keys, sessions and events of the js-sdk (%s)', (who) => {
    const data = parseObject(readFileSync(`${shared}/vectors/matrix/matrix-js-sdk.crypto-test-data.json`, 'utf8'));
    const user = textOf(data, `${who}TEST_USER_ID`) as string;
    const masterId = textOf(data, `${who}MASTER_CROSS_SIGNING_PUBLIC_KEY_BASE64`) as string;
    const master = ed25519Key(bytes(masterId)) as KeyObject;
    const lists = objectOf(data, `${who}SIGNED_CROSS_SIGNING_KEYS_DATA`);
    for (const name of ['self_signing_keys', 'user_signing_keys']) {
      const object = objectOf(objectOf(lists, name), user) as JsonObject;
      const signature = textOf(objectOf(objectOf(object, 'signatures'), user), `ed25519:${masterId}`) as string;
      expect(verifySignedJson(object, master, signature)).toBe(true);
      expect(verifySignedJson({ ...object, usage: ['master'] }, master, signature)).toBe(false);
    }
    const session = textOf(objectOf(data, `${who}MEGOLM_SESSION_DATA`), 'session_key') as string;
    const ciphertext = textOf(objectOf(objectOf(data, `${who}ENCRYPTED_EVENT`), 'content'), 'ciphertext') as string;
    expect(objectOf(parseObject(open(session, ciphertext)), 'content')).toEqual(
      objectOf(objectOf(data, `${who}CLEAR_EVENT`), 'content'),
    );
    const backup = new BackupKey(bytes(textOf(data, `${who}BACKUP_DECRYPTION_KEY_BASE64`)));
    const sealed = objectOf(objectOf(data, `${who}CURVE25519_KEY_BACKUP_DATA`), 'session_data') as JsonObject;
    expect(textOf(parseObject(String(backup.open(sealed))), 'session_key')).toBe(session);
  });

  const hashes = JSON.parse(readFileSync(`${shared}/vectors/matrix/matrix-event-hash-vectors.json`, 'utf8')) as Record<
    string,
    Vector[]
  >;
  /** The signing key of the specification's appendix. */
  const seed = bytes('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1');
  const secret = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const key = createPublicKey(secret);

  it.each((hashes.json_signing as Vector[]).map((one, i) => [i, one] as const))('signed JSON %i', (_, { obj, sig }) => {
    expect(verifySignedJson(obj as unknown as JsonObject, key, sig as string)).toBe(true);
    expect(verifySignedJson({ ...(obj as unknown as JsonObject), more: 1 }, key, sig as string)).toBe(false);
  });

  it.each((hashes.event_signing as Vector[]).map((one, i) => [i, one] as const))(
    'signed event %i',
    (_, { event, hash, sig }) => {
      const object = event as unknown as JsonObject;
      expect(unpadded(contentHash(object))).toBe(hash);
      const hashed = { ...object, hashes: { sha256: hash as string } };
      expect(verifySignedJson(redactEvent(hashed, version('1')), key, sig as string)).toBe(true);
    },
  );

  it.each((hashes.event_ids as Vector[]).map((one, i) => [i, one] as const))('event id %i', (_, { event, v3, v4 }) => {
    const object = event as unknown as JsonObject;
    expect(eventIdOf(object, version('3'))).toBe(v3);
    expect(eventIdOf(object, version('4'))).toBe(v4);
    expect(unpadded(contentHash(object))).toBe(textOf(objectOf(object, 'hashes'), 'sha256'));
  });
});
