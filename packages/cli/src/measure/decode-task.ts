import { closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DiskScratch } from '@custody/case';
import { loadFormat, readKeyFiles } from '@custody/decode';
import { BatchWriter } from '@custody/evidence';
import { openDump, sourceOf } from '../dump-file.ts';
import { suppliedProfile } from '../read-profile-file.ts';

/** A dump in a profile's words, decoded unit by unit in this thread; what comes out is counted and let go. */
export interface DecodeTask {
  readonly name: 'decode';
  readonly dump: string;
  readonly keys: string;
  readonly profile: string;
  readonly format: string;
}

/** Planning and decoding are measured, reading keys and loading the program are not. */
export async function decodeDump({ dump, keys: keyring, profile, format: name }: DecodeTask): Promise<{
  count: number;
  measured: { wall: number; cpu: number };
}> {
  const { keys } = readKeyFiles([{ name: basename(keyring), bytes: await readFile(keyring) }], () => null);
  const context = { keyring: { keys: [...keys, await suppliedProfile(profile)] }, scratch: new DiskScratch() };
  const format = await loadFormat(name);
  const fd = openDump(dump);
  try {
    const file = { name: basename(dump), source: sourceOf(fd) };
    const started = performance.now();
    const before = process.cpuUsage();
    const plan = await format.prepare(file, context);
    const decoder = format.open(plan, file, context);
    const out = new BatchWriter();
    let count = 0;
    for (const unit of plan.units) {
      count += decoder.decode(unit, out).counts.decoded;
      out.batch();
      out.clear();
    }
    decoder.close();
    const { user, system } = process.cpuUsage(before);
    return { count, measured: { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 } };
  } finally {
    closeSync(fd);
    context.scratch.dispose();
  }
}
