import { usage } from './errors.ts';
import { hopNames, type JobLine, type JobState, type QueuePlace } from './queue.ts';
import { type Queues, withQueues } from './queues.ts';

/** Shown of each state of each hop. */
const MOST_SHOWN = 200;
const SHOWN: readonly JobState[] = ['set-aside', 'active', 'again', 'waiting'];

export interface JobsTerms {
  /** `list`, `retry [ID]`, `drop ID`. */
  readonly verb: string;
  readonly id?: string;
  /** Only jobs of this case. */
  readonly case?: string;
  readonly json: boolean;
}

/** Lists jobs, hands those set aside in again, or drops one. What is dropped comes back by `custody resume --queue`. */
export async function jobsCommand(place: QueuePlace, terms: JobsTerms): Promise<string> {
  return withQueues(place, async (queues) => {
    switch (terms.verb) {
      case 'list': {
        const jobs = await jobsOf(queues, SHOWN, terms);
        const counts = await countsOf(queues);
        return terms.json ? JSON.stringify({ counts, jobs: jobs.map(json) }) : listText(counts, jobs);
      }
      case 'retry': {
        const retried = await retry(queues, terms);
        return terms.json ? JSON.stringify({ retried }) : `${retried.length} job(s) handed in again`;
      }
      case 'drop': {
        const dropped = await drop(queues, terms.id);
        return terms.json ? JSON.stringify({ dropped: [dropped] }) : `${dropped} dropped`;
      }
      default:
        throw usage('ARGUMENT_INVALID', `jobs can be listed, "retry [ID]" or "drop ID", not "${terms.verb}"`);
    }
  });
}

async function jobsOf(
  queues: Queues,
  states: readonly JobState[],
  { case: location, id }: Pick<JobsTerms, 'case' | 'id'>,
): Promise<readonly JobLine[]> {
  const found: JobLine[] = [];
  for (const hop of hopNames) {
    for (const state of states) found.push(...(await queues.of(hop).list(state, MOST_SHOWN)));
  }
  const wanted = (line: JobLine) => location === undefined || caseOf(line) === location;
  return found.filter((line) => wanted(line) && (id === undefined || line.id.startsWith(id)));
}

async function countsOf(queues: Queues) {
  const all = hopNames.map(async (hop) => [hop, await queues.of(hop).countsByState()] as const);
  return Object.fromEntries(await Promise.all(all));
}

/** Each apart: what fails again is set aside again and stops no other. */
async function retry(queues: Queues, terms: JobsTerms): Promise<readonly string[]> {
  const retried: string[] = [];
  for (;;) {
    const jobs = await jobsOf(queues, ['set-aside'], terms);
    const fresh = jobs.filter(({ id }) => !retried.includes(id));
    for (const { hop, id } of fresh) if (await queues.of(hop).retry(id)) retried.push(id);
    if (fresh.length === 0) break;
  }
  if (retried.length === 0 && terms.id !== undefined) throw unknown(terms.id);
  return retried;
}

async function drop(queues: Queues, id: string | undefined): Promise<string> {
  if (id === undefined) throw usage('ARGUMENT_INVALID', 'which job? "custody jobs drop ID"');
  const found = await jobsOf(queues, [...SHOWN, 'done'], { id });
  const [first] = found;
  if (first === undefined) throw unknown(id);
  if (found.length > 1) throw usage('ARGUMENT_INVALID', `${found.length} jobs begin with "${id}": give more of it`);
  if (!(await queues.of(first.hop).drop(first.id))) {
    throw usage('ARGUMENT_INVALID', `a worker has ${first.id} under way: stop that worker first`);
  }
  return first.id;
}

function unknown(id: string): Error {
  return usage('ARGUMENT_INVALID', `no job "${id}" was set aside or waits: "custody jobs" lists them`);
}

function caseOf({ data }: JobLine): unknown {
  return (data as { readonly case?: unknown } | null)?.case;
}

function json({ since, ...line }: JobLine) {
  return { ...line, since: new Date(since).toISOString() };
}

function listText(counts: Awaited<ReturnType<typeof countsOf>>, jobs: readonly JobLine[]): string {
  const sums = hopNames.map((hop) => {
    const { waiting = 0, active = 0, again = 0, 'set-aside': aside = 0 } = counts[hop] ?? {};
    return `${hop.padEnd(7)} ${waiting} waiting, ${active} active, ${again} to be tried again, ${aside} set aside`;
  });
  const lines = jobs.map(({ hop, id, state, data, attempts, reason }) => {
    const { case: location, ...at } = (data ?? {}) as Record<string, unknown>;
    const place = Object.entries(at).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
    const head = `${state.padEnd(9)} ${hop.padEnd(6)} ${id}  ${[JSON.stringify(location), ...place].join(' ')}`;
    return reason === null ? head : `${head}\n          after ${attempts} tries: ${reason}`;
  });
  return [...sums, ...lines].join('\n');
}
