import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, describe, expect, it } from 'vitest';
import { generateIdentity, readIdentity } from './age-key.ts';
import { openSealed } from './open-sealed.ts';
import { seal } from './seal.ts';

const SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000];
const programs = spawnSync('age', ['--version']).error === undefined;
if (!programs) console.warn('skipped: comparison with the age program: it is not installed (apt-get install age)');

describe.skipIf(!programs)('the age program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'age-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const keyFile = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  it('makes identity files that we read, and agrees on the recipient', () => {
    const identity = readIdentity(keyFile);
    expect(keyFile).toContain(identity.recipient);
    const ours = generateIdentity();
    const path = join(folder, 'ours.txt');
    writeFileSync(path, `${ours.secret}\n`, { mode: 0o600 });
    expect(execFileSync('age-keygen', ['-y', path], { encoding: 'utf8' }).trim()).toBe(ours.recipient);
  });

  it.each(SIZES)('opens what we sealed and the reverse: %i bytes', (size) => {
    const plain = randomBytes(size);
    const identity = readIdentity(keyFile);
    const path = join(folder, 'key.txt');
    writeFileSync(path, keyFile, { mode: 0o600 });
    const sealed = seal(plain, [generateIdentity().recipient, identity.recipient]);
    expect(plain.equals(execFileSync('age', ['-d', '-i', path], { input: sealed }))).toBe(true);
    const theirs = execFileSync('age', ['-r', identity.recipient], { input: plain });
    expect(plain.equals(openSealed(theirs, [identity]))).toBe(true);
  });
});

describe('the age-encryption package', () => {
  it.each(SIZES)('opens what we sealed and the reverse: %i bytes', async (size) => {
    const plain = randomBytes(size);
    const secret = await generateX25519Identity();
    const recipient = await identityToRecipient(secret);
    expect(readIdentity(secret).recipient).toBe(recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(secret);
    expect(plain.equals(await decrypter.decrypt(seal(plain, [recipient])))).toBe(true);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    expect(plain.equals(openSealed(await encrypter.encrypt(plain), [secret]))).toBe(true);
  });
});
