/**
 * A links index of 2,000,000 numbers and 28,200 handsets: `npm run bench -w packages/case [-- NUMBERS HANDSETS]`. Each
 * number stands in one or two handsets, with its card. Printed: building, storing, opening, and the two-hop
 * neighbourhood of handsets drawn at random and of the one with most numbers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinksBuilder, type LinksIndex, openLinks, storeLinks } from '@custody/search';
import { generateIdentity, openDirectoryVault } from '@custody/vault';
import { neighbourhood } from '../src/links/list-links.ts';

const [numbers, handsets] = [Number(process.argv[2] ?? 2_000_000), Number(process.argv[3] ?? 28_200)];
const DRAWN = 500;

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(2)} s`;
const imeiOf = (i: number): string => String(350_000_010_000_000 + i * 10);

let started = performance.now();
const builder = new LinksBuilder();
for (let i = 0; i < numbers; i++) {
  const phone = builder.node('phone', `+999${200_000_000 + i}`);
  const handset = builder.node('imei', imeiOf(i % handsets));
  builder.add(i * 2, 1_700_000_000_000 + i * 1000, 'metadata', [phone, handset]);
  // One number in seven was seen in a second handset later.
  if (i % 7 !== 0) continue;
  const second = builder.node('imei', imeiOf((i * 31 + 17) % handsets));
  builder.add(i * 2 + 1, 1_710_000_000_000 + i * 1000, 'metadata', [phone, second]);
}
const plain = builder.encode();
console.log(
  `built ${numbers} numbers, ${handsets} handsets: ${seconds(started)}, ${(plain.length / 1e6).toFixed(0)} MB`,
);

const folder = mkdtempSync(join(tmpdir(), 'custody-links-bench-'));
try {
  const vault = await openDirectoryVault(folder);
  const identity = generateIdentity();
  started = performance.now();
  await storeLinks(vault, '0-bench', plain, identity.recipient);
  console.log(`sealed and stored: ${seconds(started)}`);
  started = performance.now();
  const links = (await openLinks(vault, '0-bench', [identity.secret])) as LinksIndex;
  console.log(`opened: ${seconds(started)}, ${links.nodes} identifiers`);
  const times: number[] = [];
  let most = { imei: '', links: 0, ms: 0 };
  for (let n = 0; n < DRAWN; n++) {
    const imei = imeiOf((n * 7919) % handsets);
    const from = performance.now();
    let found = 0;
    for (const { link } of neighbourhood(links, [links.find('imei', imei)], 2)) {
      links.node(link.to);
      links.itemsOf(link.groups, 100);
      found++;
    }
    const ms = performance.now() - from;
    times.push(ms);
    if (found > most.links) most = { imei, links: found, ms };
  }
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[DRAWN >> 1] as number, times.at(-1) as number];
  console.log(
    `two-hop neighbourhood of ${DRAWN} handsets: median ${median.toFixed(2)} ms, slowest ${slowest.toFixed(2)} ms`,
  );
  console.log(`the widest: ${most.links} links in ${most.ms.toFixed(2)} ms`);
  console.log(`memory: ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
} finally {
  rmSync(folder, { recursive: true });
}
