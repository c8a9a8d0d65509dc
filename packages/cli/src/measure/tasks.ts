import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  addAuthority,
  createCase,
  ingest,
  loadOrCreatePerson,
  mergeIndex,
  openCase,
  type Progress,
  type StageTimes,
  verifyCase,
} from '@custody/case';
import { linkLeaves } from '@custody/chain';
import { readKeyFiles } from '@custody/decode';
import { leavesName, readLeaves } from '@custody/segment';
import { suppliedProfile } from '../read-profile-file.ts';
import { decodeDump } from './decode-task.ts';
import { type LedgerNumbers, measureLedger } from './ledger-task.ts';
import { decryptPayloads, naiveRun, scanDatabase } from './peers.ts';
import type { Task } from './run-task.ts';
import type { KnownDump } from './scale/lookup-questions.ts';
import { type LookupNumbers, measureLookups } from './scale/lookup-task.ts';

interface Done {
  readonly count: number;
  readonly spent?: StageTimes;
  readonly ledger?: LedgerNumbers;
  readonly lookups?: LookupNumbers;
  /** Seconds of the part that counts, where that is not the whole task. */
  readonly measured?: { readonly wall: number; readonly cpu: number };
}

export async function doTask(task: Task): Promise<Done> {
  switch (task.name) {
    case 'start':
      return startCase(task);
    case 'ingest':
      return ingestCapture(task);
    case 'merge':
      return { count: (await mergeIndex(await openCase(task.case))).merged };
    case 'lookups': {
      const known = JSON.parse(await readFile(task.known, 'utf8')) as KnownDump;
      const lookups = await measureLookups(task.case, known, task.each);
      return { count: lookups.kinds.length, lookups };
    }
    case 'verify':
      return verify(task);
    case 'leaves':
      return linkStoredLeaves(task.case);
    case 'ledger': {
      const ledger = await measureLedger(task.case, { items: task.items, threads: task.threads });
      return { count: ledger.commit.count, ledger };
    }
    case 'decode':
      return decodeDump(task);
    case 'decrypt':
      return decryptPayloads(task.dump, task.keys);
    case 'naive':
      return { count: await naiveRun(task.dump, task.keys, task.out) };
    case 'scan':
      return { count: await scanDatabase(task.database) };
  }
}

/** A case with one holder and one authority that allows everything. */
async function startCase({ case: location, warrant }: Extract<Task, { name: 'start' }>): Promise<Done> {
  const opened = await createCase(location, { person: await loadOrCreatePerson(), title: 'bench', recipients: [] });
  await addAuthority(opened, warrant);
  return { count: 0 };
}

/** What `custody ingest` does with a case and a capture. */
async function ingestCapture(task: Extract<Task, { name: 'ingest' }>): Promise<Done> {
  const opened = await openCase(task.case);
  const { keys } = readKeyFiles([{ name: basename(task.keys), bytes: await readFile(task.keys) }], () => null);
  const receipt = { supplierHash: 'none', receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };
  const { totals, spent } = await ingest(opened, task.capture, {
    authority: 'W-BENCH',
    keys: task.profile === undefined ? keys : [...keys, await suppliedProfile(task.profile)],
    receipt,
    threads: task.threads,
    ...(task.spend === true && { progress: spending(task.capture) }),
  });
  return { count: totals.items, spent };
}

/** Intake reads a capture twice; when another stage begins it is sealed, and its plain bytes are not needed any more. */
function spending(capture: string): Progress {
  let spent = false;
  return {
    stage: (name) => {
      if (!spent && name !== 'hash' && name !== 'seal') {
        spent = true;
        void rm(capture);
      }
      return { at: () => {} };
    },
  };
}

async function verify({ case: location, content }: Extract<Task, { name: 'verify' }>): Promise<Done> {
  const verdict = await verifyCase(location, { person: content ? await loadOrCreatePerson() : null });
  if (!verdict.ok) throw new Error(`the case does not verify: ${verdict.failures[0]?.message}`);
  return { count: verdict.checked.leaves };
}

/** Chain and tree of every segment over its stored leaves, in this thread; reading them is not measured. */
async function linkStoredLeaves(location: string): Promise<Done> {
  const { ledger, vault } = await openCase(location);
  const stored = await Promise.all(ledger.segments.map((segment) => vault.read(leavesName(segment))));
  const started = performance.now();
  const before = process.threadCpuUsage();
  let count = 0;
  for (const [i, segment] of ledger.segments.entries()) {
    const leaves = readLeaves(stored[i] as Uint8Array);
    if (Buffer.compare(linkLeaves(leaves).root, segment.root) !== 0) throw new Error('a segment has another root');
    count += segment.count;
  }
  const { user, system } = process.threadCpuUsage(before);
  return { count, measured: { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 } };
}
