import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriter } from '@custody/evidence';
import { generateDump } from '../../../fixtures/envelope/generate-dump.ts';
import { recipeProfile } from '../../../fixtures/envelope/recipe-profile.ts';
import type { ByteSource } from '../src/byte-source.ts';
import type { CaptureFile, DecodeContext, Plan, UnitDecoder } from '../src/format.ts';
import { openDump } from '../src/formats/envelope/dump.ts';
import { envelopeFormat } from '../src/formats/envelope/envelope-format.ts';
import { PayloadOpener } from '../src/formats/envelope/payload-opener.ts';
import type { UnitState } from '../src/formats/envelope/plan-units.ts';
import { ProfileKeys } from '../src/formats/envelope/profile-keys.ts';
import { ScannedRecord, WINDOW } from '../src/formats/envelope/scanned-record.ts';
import { readKeyFiles } from '../src/keys/read-key-files.ts';
import { builtinProfiles } from '../src/profile/builtin-profiles.ts';
import { MemoryScratch } from '../src/testing/memory-scratch.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/** Microseconds a message of each stage of the envelope decoder. Usage: envelope.bench.ts [messages] [ndjson|csv] [recipe] */
const messages = Number(process.argv[2] ?? 100_000);
const formats = process.argv[3] === undefined ? (['ndjson', 'csv'] as const) : [process.argv[3] as 'ndjson' | 'csv'];

console.log(
  `${cpus()[0]?.model}, Node ${process.version}, ${messages} messages of 300 bytes, processor time of this thread`,
);
for (const kind of formats) await bench(kind);

async function bench(kind: 'ndjson' | 'csv'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'custody-bench-'));
  try {
    const { dump, keyring } = generateDump({ messages, seed: 1, format: kind }, folder);
    const { keys } = readKeyFiles([{ name: 'keyring.json', bytes: readFileSync(keyring) }], () => null);
    const context = { keyring: { keys }, scratch: new MemoryScratch() };
    const source = fileSource(dump);
    const format = envelopeFormat(kind);
    if (process.argv[4] === 'recipe') return await whole(kind, recipeFile(kind, source), context);
    const file = { name: 'dump', source };
    const planned = await timed(() => format.prepare(file, context));
    const plan = planned.result;
    report(kind, 'split', planned.micros);
    report(kind, 'read and scan', scanOnly(file.source, plan, context.keyring, null));
    report(
      kind,
      'read, scan, open',
      scanOnly(
        file.source,
        plan,
        context.keyring,
        new PayloadOpener(new ProfileKeys(context.keyring, `envelope-${kind}`, true)),
      ),
    );
    await decodeTwice(kind, { decoder: format.open(plan, file, context), plan });
    source.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same dump through the steps of a recipe. */
function recipeFile(kind: 'ndjson' | 'csv', source: ByteSource): CaptureFile {
  const builtin = builtinProfiles().find(({ container }) => container.kind === kind) as object;
  const profile = Buffer.from(JSON.stringify(recipeProfile(kind, builtin)));
  const beside = (name: string) => (name === 'dump.profile.json' ? memorySource(profile) : null);
  return { name: 'dump', source, beside };
}

async function whole(kind: 'ndjson' | 'csv', file: CaptureFile, context: DecodeContext): Promise<void> {
  const format = envelopeFormat(kind);
  const { micros, result: plan } = await timed(() => format.prepare(file, context));
  report(kind, 'recipe: split', micros);
  await decodeTwice(`${kind}`, { decoder: format.open(plan, file, context), plan });
}

async function decodeTwice(kind: string, { decoder, plan }: { decoder: UnitDecoder; plan: Plan }): Promise<void> {
  for (const label of ['all (first time)', 'all']) {
    const out = new BatchWriter();
    let decoded = 0;
    const { micros } = await timed(() => {
      for (const unit of plan.units) {
        decoded += decoder.decode(unit, out).counts.decoded;
        out.batch();
        out.clear();
      }
    });
    report(kind, `${label}, ${decoded} decoded`, micros);
  }
  console.log(`${kind.padEnd(8)}${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`);
}

function scanOnly(
  source: ByteSource,
  plan: Awaited<ReturnType<ReturnType<typeof envelopeFormat>['prepare']>>,
  keyring: Parameters<typeof openDump>[1],
  opener: PayloadOpener | null,
): number {
  const { layout, scanner, splitter } = openDump(plan.state as Parameters<typeof openDump>[0], keyring);
  const sealed = layout.records[0]?.sealed;
  const window = Array.from({ length: WINDOW }, () => new ScannedRecord(scanner.values.another()));
  const started = process.cpuUsage();
  let used = 0;
  const finish = () => {
    opener?.openStaged();
    for (let i = 0; i < used; i++) {
      const { values, staged } = window[i] as ScannedRecord;
      if (opener !== null && sealed) opener.open(values, sealed, staged);
    }
    opener?.begin(false);
    used = 0;
  };
  for (const unit of plan.units) {
    opener?.begin(true);
    const { offset, length } = unit.state as UnitState;
    const read = source.read(offset, length);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    splitter.complete = true;
    for (let at = 0; at < bytes.length; ) {
      const end = splitter.next(bytes, at);
      const record = window[used++] as ScannedRecord;
      record.renew(0, at, end - at);
      scanner.values = record.values;
      if (!scanner.scan(bytes, at, bytes[end - 1] === 0x0a ? end - 1 : end)) throw new Error(scanner.problem);
      if (opener !== null && sealed) record.staged = opener.stage(scanner.values, sealed);
      at = end;
      if (used === WINDOW) finish();
    }
    finish();
  }
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ micros: number; result: T }> {
  const started = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(started);
  return { micros: user + system, result };
}

function report(kind: string, what: string, micros: number): void {
  console.log(`${kind.padEnd(8)}${what.padEnd(36)}${(micros / messages).toFixed(2).padStart(8)} µs a message`);
}

function fileSource(path: string): ByteSource & { close(): void } {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  return {
    length: size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - offset)));
      for (let at = 0; at < bytes.length; ) at += readSync(fd, bytes, at, bytes.length - at, offset + at);
      return bytes;
    },
    close: () => closeSync(fd),
  };
}
