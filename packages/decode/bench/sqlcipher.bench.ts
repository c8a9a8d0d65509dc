import { createDecipheriv, createHmac, createSecretKey, pbkdf2Sync } from 'node:crypto';
import { cpus } from 'node:os';
import { CipherPages } from '../src/formats/sqlcipher/cipher-pages.ts';
import { PageCipher } from '../src/formats/sqlcipher/page-cipher.ts';
import { PUBLISHED_SETTINGS } from '../src/formats/sqlcipher/settings.ts';
import { encryptDatabase, SALT, type WriteOptions } from '../src/formats/sqlcipher/testing/write-cipher.ts';
import { FilePages } from '../src/sqlite/file-pages.ts';
import { isFault } from '../src/sqlite/page-source.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/**
 * Pages of SQLCipher 4, authenticated and decrypted, against node:crypto alone for the same pages: processor time, in
 * turns. Usage: sqlcipher.bench.ts [megabytes]
 */
const megabytes = Number(process.argv[2] ?? 32);
const PAGE = 4096;
const RAW = Buffer.alloc(32, 7);
const options: WriteOptions = {
  pageSize: PAGE,
  reserve: 80,
  hmac: 'sha512',
  kdf: 'sha512',
  iterations: 1,
  rawKey: RAW,
};
const plain = Buffer.alloc(megabytes * 2 ** 20, 'what stands on a page, line after line; ');
const sealed = new Uint8Array(encryptDatabase(plain, options));
const count = sealed.length / PAGE;
const [settings] = PUBLISHED_SETTINGS;
if (settings === undefined) throw new Error('there are settings');

function ours(): number {
  const cipher = new PageCipher(settings as NonNullable<typeof settings>, { key: RAW, salt: SALT });
  const pages = new CipherPages(new FilePages(memorySource(sealed), PAGE, 0), cipher);
  let bytes = 0;
  for (let page = 1; page <= count; page++) {
    const read = pages.read(page);
    if (isFault(read)) throw new Error(read.fault);
    bytes += read.length;
  }
  return bytes;
}

function cryptoAlone(): number {
  const key = createSecretKey(RAW);
  const mac = createSecretKey(
    pbkdf2Sync(
      RAW,
      SALT.map((byte) => byte ^ 0x3a),
      2,
      32,
      'sha512',
    ),
  );
  const number = Buffer.alloc(4);
  let bytes = 0;
  for (let page = 1; page <= count; page++) {
    const at = (page - 1) * PAGE;
    const from = page === 1 ? 16 : 0;
    number.writeUInt32LE(page);
    const body = sealed.subarray(at + from, at + PAGE - 64);
    const digest = createHmac('sha512', mac).update(body).update(number).digest();
    if (!digest.equals(sealed.subarray(at + PAGE - 64, at + PAGE))) throw new Error(`page ${page}`);
    const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(at + PAGE - 80, at + PAGE - 64));
    bytes += decipher.setAutoPadding(false).update(sealed.subarray(at + from, at + PAGE - 80)).length;
  }
  return bytes;
}

function seconds(work: () => number): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

console.log(`${cpus()[0]?.model}, Node ${process.version}, ${count} pages of SQLCipher 4`);
ours();
cryptoAlone();
const ratios: number[] = [];
for (let round = 0; round < 5; round++) {
  const [alone, own] = [seconds(cryptoAlone), seconds(ours)];
  ratios.push(alone / own);
  console.log(
    `node:crypto ${(megabytes / alone).toFixed(0)} MB/s, ours ${(megabytes / own).toFixed(0)} MB/s, ${(100 * (alone / own)).toFixed(0)} %`,
  );
}
ratios.sort((a, b) => a - b);
console.log(`median ${(100 * (ratios[2] as number)).toFixed(0)} % of node:crypto alone (wanted: 70 %)`);
