import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriter } from '@custody/evidence';
import { generateWhatsApp } from '../../../fixtures/whatsapp/generate.ts';
import { formatByName } from '../src/registry.ts';
import { MemoryScratch } from '../src/testing/memory-scratch.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/** Microseconds of processor time a message: prepare (decrypt, inflate, census), decode. Usage: whatsapp.bench.ts [messages] */
const messages = Number(process.argv[2] ?? 200_000);
const folder = mkdtempSync(join(tmpdir(), 'custody-bench-'));

try {
  const { path, key, records } = await generateWhatsApp({ messages, seed: 1, path: join(folder, 'large.crypt15') });
  console.log(`${cpus()[0]?.model}, Node ${process.version}, ${messages} messages, ${records} records, crypt15`);
  const bytes = Uint8Array.from(Buffer.from(key, 'hex'));
  const context = {
    keyring: { keys: [{ for: 'whatsapp-crypt15', bytes, source: 'bench' }] },
    scratch: new MemoryScratch(),
  };
  const file = { name: 'large.crypt15', source: memorySource(new Uint8Array(readFileSync(path))) };
  const format = formatByName('whatsapp-crypt15');
  let from = process.cpuUsage();
  const plan = await format.prepare(file, context);
  report('prepare', from);
  const decoder = format.open(plan, file, context);
  for (const label of ['decode (first time)', 'decode', 'decode']) {
    const out = new BatchWriter();
    from = process.cpuUsage();
    for (const unit of plan.units) {
      decoder.decode(unit, out);
      out.batch();
      out.clear();
    }
    report(label, from);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function report(label: string, from: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(from);
  console.log(`${label.padEnd(20)} ${((user + system) / messages).toFixed(2)} µs`);
}
