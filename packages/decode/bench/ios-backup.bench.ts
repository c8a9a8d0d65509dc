import { createCipheriv, createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { CbcSource } from '../src/formats/ios-backup/cbc-source.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/** Decrypting a file of an iOS backup: alone, and with the SHA-256 that its item states. Usage: ios-backup.bench.ts [megabytes] */
const megabytes = Number(process.argv[2] ?? 64);
const PIECE = 1024 * 1024;
const key = Buffer.alloc(32, 5);
const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
const content = Buffer.alloc(megabytes * 2 ** 20, 'a film that is none ');
const sealed = new Uint8Array(Buffer.concat([cipher.update(content), cipher.final()]));

function decrypt(use: (piece: Uint8Array) => void): void {
  const source = new CbcSource(memorySource(sealed), key, content.length);
  for (let at = 0; at < source.length; at += PIECE) use(source.read(at, PIECE));
}

function report(label: string, work: () => void): void {
  const rates: number[] = [];
  for (let round = 0; round < 5; round++) {
    const from = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(from);
    rates.push(megabytes / ((user + system) / 1e6));
  }
  rates.sort((a, b) => a - b);
  console.log(`${label.padEnd(24)} ${(rates[2] as number).toFixed(0)} MB/s a core`);
}

console.log(`${cpus()[0]?.model}, Node ${process.version}, a file of ${megabytes} MB`);
report('decrypt', () => decrypt(() => {}));
report('decrypt and SHA-256', () => {
  const hash = createHash('sha256');
  decrypt((piece) => hash.update(piece));
  hash.digest();
});
