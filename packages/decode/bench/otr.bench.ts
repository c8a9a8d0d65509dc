import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { KeyFinder } from '../src/otr/key-finder.ts';
import { openData } from '../src/otr/open-data.ts';
import { readOtr } from '../src/otr/otr-message.ts';

/** OTR data messages of 300 bytes: parse, find the key by its MAC, decrypt. Prints µs of processor a message. */
const MESSAGES = 100_000;
/** Messages of one key pair before it changes. */
const A_KEY = 1000;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function message(aes: Uint8Array, count: number, epoch: number): string {
  const counter = Buffer.concat([Buffer.alloc(4), u32(count + 1)]);
  const sealed = createCipheriv('aes-128-ctr', aes, Buffer.concat([counter, Buffer.alloc(8)])).update('x'.repeat(300));
  const next = randomBytes(192);
  const parts = [Buffer.from([0, 3, 3]), u32(256), u32(257), Buffer.of(0), u32(epoch + 1), u32(epoch + 1)];
  const head = Buffer.concat([...parts, u32(next.length), next, counter, u32(sealed.length), sealed]);
  const mac = createHmac('sha1', createHash('sha1').update(aes).digest()).update(head).digest();
  return `?OTR:${Buffer.concat([head, mac, u32(0)]).toString('base64')}.`;
}

const aesKeys = Array.from({ length: 8 }, () => new Uint8Array(randomBytes(16)));
const wires = Array.from({ length: MESSAGES }, (_, i) => {
  const epoch = Math.floor(i / A_KEY);
  return message(aesKeys[epoch % aesKeys.length] as Uint8Array, i % A_KEY, epoch);
});
const finder = new KeyFinder({ announced: new Map(), revealed: new Map() }, { exponents: [], aesKeys });
const before = process.cpuUsage();
let bytes = 0;
for (const wire of wires) {
  const read = readOtr(wire);
  if (read?.kind !== 'data') throw new Error('not read');
  const found = finder.find(read, { from: 'a@example.org', to: 'b@example.org', order: 0 });
  if (typeof found === 'string') throw new Error(found);
  bytes += openData(read, found.keys).text.length;
}
const { user, system } = process.cpuUsage(before);
const each = (user + system) / MESSAGES;
console.log(
  `otr: ${each.toFixed(1)} µs a message, ${Math.round(1e6 / each)} a second, ${bytes / MESSAGES} bytes of text each`,
);
