import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_WARRANT } from './bench-warrant.ts';
import { type BenchInput, benchInput } from './inputs.ts';
import { ledgerReport } from './ledger-report.ts';
import { describeMachine } from './machine.ts';
import { planOf } from './plan.ts';
import type { BenchReport, PathReport } from './report.ts';
import { runTask } from './run-task.ts';
import { storageOf } from './storage.ts';

/** Some seconds of work: few enough that starting up tells, many enough that it does not decide. */
const MOST_LEDGER_ITEMS = 1_048_576;

export interface BenchTerms {
  readonly messages: number;
  readonly threads?: number;
  /** Messages of an envelope dump to plan for from what was measured. */
  readonly plan?: number;
  /** Leaves the cases where they are; `say` tells where. */
  readonly keep: boolean;
  readonly say: (what: string) => void;
}

/** Measures the whole path on both formats, each step in a process of its own. Throws UsageError BENCH_WITHOUT_FIXTURES. */
export async function runBench(terms: BenchTerms): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  try {
    const machine = describeMachine(folder);
    const paths: PathReport[] = [];
    for (const name of ['envelope', 'whatsapp'] as const) {
      terms.say(`${name}: generating ${terms.messages} messages, unless they are there from before`);
      paths.push(await measure(await benchInput(name, terms.messages), folder, terms));
    }
    terms.say('ledger: items of six fields');
    const items = Math.min(terms.messages, MOST_LEDGER_ITEMS);
    const place = { case: join(folder, 'ledger'), items, threads: terms.threads ?? availableParallelism() };
    const ledger = ledgerReport(await runTask({ name: 'ledger', ...place }, join(folder, 'identity.txt')));
    const [envelope] = paths;
    const plan = terms.plan !== undefined && envelope !== undefined ? planOf(envelope, terms.plan) : null;
    return { machine, paths, ledger, ...(plan !== null && { plan }) };
  } finally {
    if (terms.keep) terms.say(`cases and identity are in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

async function measure(input: BenchInput, folder: string, terms: BenchTerms): Promise<PathReport> {
  const { name, capture, keys, messages, length } = input;
  const threads = terms.threads ?? availableParallelism();
  const place = join(folder, name);
  const identity = join(folder, 'identity.txt');
  await runTask({ name: 'start', case: place, warrant: BENCH_WARRANT }, identity);
  terms.say(`${name}: ingest`);
  const ingest = await runTask({ name: 'ingest', case: place, capture, keys, threads }, identity);
  const storage = await storageOf(place);
  terms.say(`${name}: verify`);
  const leaves = await runTask({ name: 'leaves', case: place }, identity);
  const verify = await runTask({ name: 'verify', case: place, content: false }, identity);
  const verifyContent = await runTask({ name: 'verify', case: place, content: true }, identity);
  if (!terms.keep) await rm(place, { recursive: true, force: true });
  terms.say(`${name}: peers`);
  const peers = await measurePeers(input, folder, identity);
  return { name, messages, length, threads, ingest, storage, leaves, verify, verifyContent, peers };
}

async function measurePeers(
  { capture, keys, database }: BenchInput,
  folder: string,
  identity: string,
): Promise<PathReport['peers']> {
  if (database !== null) {
    const result = await runTask({ name: 'scan', database }, identity);
    return [{ what: 'node:sqlite scans the message table in clear', result }];
  }
  const out = join(folder, 'naive.jsonl');
  const alone = await runTask({ name: 'decrypt', dump: capture, keys }, identity);
  const naive = await runTask({ name: 'naive', dump: capture, keys, out }, identity);
  await rm(out);
  return [
    { what: 'node:crypto opens the same payloads one by one, nothing else', result: alone },
    { what: 'a script: JSON.parse, decrypt, SHA-256, append JSON lines', result: naive },
  ];
}
