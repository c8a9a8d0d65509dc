import { BatchWriter } from '@custody/evidence';
import { signalBackup } from '../src/formats/signal-backup/index.ts';
import { conversation, PASSPHRASE, type Step, writeBackup } from '../src/formats/signal-backup/testing/write-backup.ts';
import { MemoryScratch } from '../src/testing/memory-scratch.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/**
 * Signal backups of many messages: CPU time a message for the survey and for the units. `COLUMNS=55` has rows as wide as
 * the app's own of 2025, most of them zero; the default has the ten that say something.
 */
const MESSAGES = Number(process.env.MESSAGES ?? 120_000);
const ROUNDS = Number(process.env.ROUNDS ?? 8);
const FURTHER = Math.max(0, Number(process.env.COLUMNS ?? 10) - 10);

const bytes = written();
const file = { name: 'bench.backup', source: memorySource(bytes) };
const context = {
  keyring: { keys: [{ for: 'signal-backup', passphrase: PASSPHRASE, source: 'bench' }] },
  scratch: new MemoryScratch(),
};
const spent = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / MESSAGES;
};

// Keys take a third of a second and are kept: derived before anything is measured.
await signalBackup.prepare(file, context);
globalThis.gc?.();
for (let round = 0; round < ROUNDS; round++) {
  const prepareStart = process.cpuUsage();
  const plan = await signalBackup.prepare(file, context);
  const prepare = spent(prepareStart);
  const decodeStart = process.cpuUsage();
  const decoder = signalBackup.open(structuredClone({ state: plan.state }), file, context);
  const out = new BatchWriter();
  for (const unit of plan.units) {
    out.clear();
    decoder.decode(unit, out);
    out.batch();
  }
  const decode = spent(decodeStart);
  const rate = Math.round(1e6 / (prepare + decode));
  console.log(
    `signal-backup: ${MESSAGES} messages of ${FURTHER + 10} columns, ${Math.round(bytes.length / MESSAGES)} B each: ` +
      `survey ${prepare.toFixed(2)} µs, units ${decode.toFixed(2)} µs a message; ${rate} messages/s a core`,
  );
}

/** In a scope of its own: what it leaves behind must not be collected while something is measured. */
function written(): Uint8Array {
  const steps = conversation().slice(0, -1).map(widened);
  const marks = Array.from({ length: FURTHER + 10 }, () => '?').join(',');
  for (let i = 0; i < MESSAGES; i++) {
    const body = `message ${i}: ${'text of a usual length, in two sentences. '.repeat(5)}`;
    const own = [100 + i, 1_750_000_100_000 + i, 1_750_000_100_009 + i, 1, 2, 1, 10_485_780, body, 0, null];
    // What the app writes into columns that say nothing: mostly 0, some NULL, some -1.
    const others = Array.from({ length: FURTHER }, (_, n) => (n % 5 === 0 ? null : n % 11 === 3 ? -1 : 0));
    steps.push({ sql: `INSERT INTO message VALUES (${marks})`, values: [...own, ...others] });
  }
  return writeBackup([...steps, { end: true }], 1).bytes;
}

function widened(step: Step): Step {
  if (!('sql' in step) || !step.sql.startsWith('CREATE TABLE message')) return step;
  const names = Array.from({ length: FURTHER }, (_, n) => `, further_${n} INTEGER`).join('');
  return { sql: `${step.sql.slice(0, -1)}${names})` };
}
