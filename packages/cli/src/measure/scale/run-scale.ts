import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BENCH_WARRANT } from '../bench-warrant.ts';
import { type BenchInput, benchInput, knownDump } from '../inputs.ts';
import { describeMachine } from '../machine.ts';
import { type Plan, planOf } from '../plan.ts';
import { runTask } from '../run-task.ts';
import { storageOf } from '../storage.ts';
import { copyCase } from './copy-case.ts';
import { type QueuedRun, queuedRun } from './queued-run.ts';
import type { ScalePart } from './scale-parts.ts';
import { committedIn, diskNeeded, diskWords, removeWhenEnded, tellEvery } from './scale-progress.ts';
import type { ScaleReport } from './scale-report.ts';
import { embeddedText, queuedRow } from './scale-text.ts';
import { type BenchServices, benchServices } from './services.ts';

/** A store takes less than its capture beside the original (README: 0.3), and a gateway needs room of its own. */
const ROOM = 1.6;
const GIB = 1024 ** 3;
/** Of the generator's dump, for each message. */
const MESSAGE_BYTES = 740;

export interface ScaleTerms {
  readonly messages: number;
  readonly parts: readonly ScalePart[];
  readonly threads?: number;
  readonly plan?: number;
  /** Removes the generated dump once it is sealed: queued runs need it again, so they are not asked for then. */
  readonly spend: boolean;
  readonly keep: boolean;
  /** Questions of each kind. */
  readonly each: number;
  readonly say: (what: string) => void;
}

/**
 * The envelope dump of a size, embedded and by workers with Redis and S3, and questions to the case: each part in
 * processes of its own. Throws UsageError BENCH_WITHOUT_FIXTURES, BENCH_WITHOUT_SERVICES.
 */
export async function runScale(terms: ScaleTerms): Promise<ScaleReport> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  const ending = terms.keep ? null : removeWhenEnded(folder);
  try {
    const machine = describeMachine(folder);
    terms.say(diskWords(diskNeeded(terms.parts, terms.messages * MESSAGE_BYTES), tmpdir()));
    terms.say(`generating ${terms.messages} messages, unless they are there from before`);
    const input = await benchInput('envelope', terms.messages);
    if (!terms.spend) terms.say(`they stay in ${dirname(input.capture)} for the next run`);
    const run = new ScaleRun(terms, input, folder);
    return { machine, messages: terms.messages, length: input.length, ...(await run.all()) };
  } finally {
    ending?.release();
    if (terms.keep) terms.say(`cases and identity are in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

class ScaleRun {
  readonly #terms: ScaleTerms;
  readonly #input: BenchInput;
  readonly #folder: string;
  readonly #identity: string;
  readonly #threads: number;

  constructor(terms: ScaleTerms, input: BenchInput, folder: string) {
    this.#terms = terms;
    this.#input = input;
    this.#folder = folder;
    this.#identity = join(folder, 'identity.txt');
    this.#threads = terms.threads ?? availableParallelism();
  }

  async all(): Promise<Omit<ScaleReport, 'machine' | 'messages' | 'length'>> {
    const wants = (part: ScalePart) => this.#terms.parts.includes(part);
    const known = join(this.#folder, 'known.json');
    await writeFile(known, JSON.stringify(await knownDump(this.#input)));
    const place = join(this.#folder, 'embedded');
    const embedded = wants('embedded') ? await this.#embedded(place) : undefined;
    const lookups: ScaleReport['lookups'][number][] = [];
    if (wants('lookups')) lookups.push(await this.#lookups('directory', place, known));
    let services: string | undefined;
    const withServices = async <T>(work: (servers: BenchServices) => Promise<T>): Promise<T> => {
      const servers = await benchServices(Math.ceil(this.#input.length * ROOM) + 4 * GIB);
      services = servers.told;
      try {
        return await work(servers);
      } finally {
        await servers.stop();
      }
    };
    if (wants('s3-lookups'))
      lookups.push(await withServices((servers) => this.#lookupsOnS3(servers, { place, known })));
    if (embedded !== undefined && !this.#terms.keep) await rm(place, { recursive: true, force: true });
    const queued: QueuedRun[] = [];
    for (const [part, workers] of [
      ['one-worker', 1],
      ['two-workers', 2],
    ] as const)
      if (wants(part)) {
        const run = await withServices((servers) => this.#queued(servers, workers));
        queued.push(run);
        const [, threads, complete, rate, part] = queuedRow(run, { embedded, messages: this.#terms.messages });
        this.#terms.say(
          `  ${threads} thread(s) each: complete after ${complete}, ${rate} messages/s, ${part} of embedded`,
        );
      }
    const plan = this.#plan(embedded);
    return { ...(embedded && { embedded }), lookups, queued, ...(services && { services }), ...(plan && { plan }) };
  }

  async #embedded(place: string): Promise<NonNullable<ScaleReport['embedded']>> {
    const { capture, keys } = this.#input;
    this.#terms.say('embedded: ingest into a directory');
    await runTask({ name: 'start', case: place, warrant: BENCH_WARRANT }, this.#identity);
    const { messages, say } = this.#terms;
    const telling = tellEvery(say, () => committedIn(place, messages));
    const ingest = await runTask(
      { name: 'ingest', case: place, capture, keys, threads: this.#threads, spend: this.#terms.spend },
      this.#identity,
    ).finally(telling.stop);
    say('embedded: merge index tiles');
    const merge = await runTask({ name: 'merge', case: place }, this.#identity);
    const embedded = { threads: this.#threads, ingest, merge, storage: await storageOf(place) };
    // Said at once: a later part may fail, and this one took its time.
    say(`  ${embeddedText({ embedded, messages, length: this.#input.length }).split('\n')[0]}`);
    return embedded;
  }

  async #lookups(where: 'directory' | 's3', place: string, known: string): Promise<ScaleReport['lookups'][number]> {
    this.#terms.say(`look-ups: ${where}`);
    const task = { name: 'lookups', case: place, known, each: this.#terms.each } as const;
    const { lookups, peakMiB } = await runTask(task, this.#identity);
    if (lookups === undefined) throw new Error('the task of look-ups measured nothing');
    return { where, numbers: lookups, peakMiB };
  }

  async #lookupsOnS3(
    servers: BenchServices,
    { place, known }: { readonly place: string; readonly known: string },
  ): Promise<ScaleReport['lookups'][number]> {
    Object.assign(process.env, servers.s3);
    const target = `s3://${servers.bucket}/lookups`;
    this.#terms.say('look-ups: copying the case to S3, without its original');
    // Questions are answered from index and segments: it cannot be verified or decoded again there.
    await copyCase(place, target, (name) => !name.startsWith('originals/'));
    return this.#lookups('s3', target, known);
  }

  async #queued(servers: BenchServices, workers: number): Promise<QueuedRun> {
    Object.assign(process.env, servers.s3);
    const { capture, keys } = this.#input;
    const place = `s3://${servers.bucket}/queued-${workers}`;
    this.#terms.say(`queued: ${workers} worker process(es), Redis and S3`);
    await runTask({ name: 'start', case: place, warrant: BENCH_WARRANT }, this.#identity);
    const env = { ...process.env, CUSTODY_IDENTITY: this.#identity, CUSTODY_REDIS: servers.redis };
    const threads = Math.max(1, Math.floor(this.#threads / workers));
    return queuedRun({ case: place, capture, keys, workers, threads, env, say: this.#terms.say });
  }

  #plan(embedded: ScaleReport['embedded']): Plan | undefined {
    if (embedded === undefined || this.#terms.plan === undefined) return undefined;
    const { messages, length } = this.#input;
    return planOf({ messages, length, ...embedded }, this.#terms.plan);
  }
}
