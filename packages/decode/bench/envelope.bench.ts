import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriter } from '@custody/evidence';
import { generateDump } from '../../../fixtures/envelope/generate-dump.ts';
import type { ByteSource } from '../src/byte-source.ts';
import { openDump } from '../src/formats/envelope/dump.ts';
import { envelopeFormat } from '../src/formats/envelope/envelope-format.ts';
import { PayloadOpener } from '../src/formats/envelope/payload-opener.ts';
import type { UnitState } from '../src/formats/envelope/plan-units.ts';
import { ProfileKeys } from '../src/formats/envelope/profile-keys.ts';
import { ScannedRecord, WINDOW } from '../src/formats/envelope/scanned-record.ts';
import { readKeyFiles } from '../src/keys/read-key-files.ts';
import { MemoryScratch } from '../src/testing/memory-scratch.ts';

/** Microseconds a message of each stage of the envelope decoder. Usage: envelope.bench.ts [messages] [ndjson|csv] */
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
    const file = { name: 'dump', source };
    const format = envelopeFormat(kind);
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
    const decoder = format.open(plan, file, context);
    for (const label of ['all (first time)', 'all']) {
      const out = new BatchWriter();
      const whole = await timed(() => {
        for (const unit of plan.units) {
          decoder.decode(unit, out);
          out.batch();
          out.clear();
        }
      });
      report(kind, label, whole.micros);
    }
    source.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
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
  console.log(`${kind.padEnd(8)}${what.padEnd(20)}${(micros / messages).toFixed(2).padStart(8)} µs a message`);
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
