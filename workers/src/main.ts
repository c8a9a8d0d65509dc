import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CustodyError } from '@custody/bytes';
import { enqueueIndex } from './enqueue.ts';
import { usage } from './errors.ts';
import { exitCodeOf } from './exit-code.ts';
import { handInCommand } from './hand-in-command.ts';
import { jobsCommand } from './jobs-command.ts';
import { probeRedis } from './probe-redis.ts';
import { type HopName, hopNames, prefixOf, type QueuePlace } from './queue.ts';
import { runWorker, type WorkerTerms } from './run-worker.ts';
import { queueStatus, watchCommand } from './status-command.ts';

const HELP = `custody-worker [run] --redis URL [--hops decode,commit,index,merge,exhibit] [--threads N] [--case PATH]...
                [--metrics-port PORT [--metrics-host HOST]]
                                                take jobs until SIGTERM; those under way are finished. /metrics for
                                                Prometheus, /healthz and /readyz on HOST (127.0.0.1) and PORT
custody-worker enqueue --case PATH --redis URL  hand in jobs for every segment without an index tile
custody-worker jobs [retry [ID] | drop ID]      what waits, runs or was set aside and why [--case PATH] [--json]
custody-worker status [--case PATH [--watch]]   jobs by state; exit 0 when Redis answers, else 5 [--json]
custody-worker doctor                           what this Redis keeps of what queues need, as JSON

URL: redis://host:port or rediss://user:password@host:port (TLS); $CUSTODY_REDIS keeps it out of the process list.
--lab NAME (or $CUSTODY_LAB): keys of one laboratory on a Redis that several share.
The worker acts as $CUSTODY_IDENTITY. decode takes "source" and "evidence", commit "evidence" and "log", index,
merge and exhibit "evidence"; with --case it says at its start what it lacks there. Storage as for custody (CUSTODY_S3_...).
Exit: 0 well, 1 usage, 3 an integrity check failed, 4 refused, 5 a service is unavailable.`;

const SEE_HELP = '(custody-worker --help shows what there is)';

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CustodyError)) throw error;
  process.stderr.write(`custody-worker: ${error.message}\n`);
  process.exitCode = exitCodeOf(error);
}

type Values = ReturnType<typeof readArguments>['values'];

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) return print(HELP);
  const redis = values.redis ?? process.env.CUSTODY_REDIS;
  if (redis === undefined) throw usage('ARGUMENT_INVALID', 'which Redis? Give --redis URL or set $CUSTODY_REDIS');
  const lab = values.lab ?? process.env.CUSTODY_LAB;
  const place = { redis, ...(lab !== undefined && { lab }) };
  const [verb = 'run', ...rest] = positionals;
  if (rest.length > (verb === 'jobs' ? 2 : 0)) throw usage('ARGUMENT_INVALID', `one command at a time ${SEE_HELP}`);
  switch (verb) {
    case 'run':
      return runWorker(place, workerTerms(values));
    case 'enqueue':
      return print(JSON.stringify(await enqueueIndex(oneCase(values), place)));
    case 'hand-in':
      return handInCommand(place, {
        case: oneCase(values),
        derivations: (values.derivation ?? []).map((text) =>
          readNumber('--derivation', text, { from: 0, to: 2 ** 48 }),
        ),
        exhibits: values.exhibit ?? [],
        wait: values.wait === true,
      });
    case 'jobs':
      return print(await jobsCommand(place, jobsTerms(values, rest)));
    case 'status':
      return status(place, values);
    case 'doctor':
      return print(JSON.stringify(await probeRedis(redis, prefixOf(place))));
    default:
      throw usage('ARGUMENT_INVALID', `there is no command "${verb}" ${SEE_HELP}`);
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        redis: { type: 'string' },
        lab: { type: 'string' },
        case: { type: 'string', multiple: true },
        hops: { type: 'string' },
        threads: { type: 'string' },
        'metrics-port': { type: 'string' },
        'metrics-host': { type: 'string' },
        derivation: { type: 'string', multiple: true },
        exhibit: { type: 'string', multiple: true },
        wait: { type: 'boolean' },
        watch: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw usage('ARGUMENT_INVALID', `${(error as Error).message} ${SEE_HELP}`);
  }
}

function workerTerms(values: Values): WorkerTerms {
  const port = values['metrics-port'];
  const health = port === undefined ? null : { host: values['metrics-host'] ?? '127.0.0.1', port: readPort(port) };
  const threads = readNumber('--threads', values.threads ?? '1', { from: 1, to: 256 });
  return { hops: readHops(values.hops), threads, cases: values.case ?? [], health };
}

function readPort(text: string): number {
  return readNumber('--metrics-port', text, { from: 0, to: 65_535 });
}

function readNumber(flag: string, text: string, { from, to }: { readonly from: number; readonly to: number }): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw usage('ARGUMENT_INVALID', `${flag} takes a number from ${from} to ${to}`);
}

function readHops(text: string | undefined): readonly HopName[] {
  if (text === undefined) return hopNames;
  const names = new Set(text.split(','));
  const known = hopNames.filter((hop) => names.delete(hop));
  if (names.size > 0 || known.length === 0) {
    throw usage('ARGUMENT_INVALID', `--hops takes ${hopNames.join(', ')}, separated by commas, not "${text}"`);
  }
  return known;
}

function oneCase({ case: cases = [] }: Values): string {
  const [location] = cases;
  if (location === undefined || cases.length > 1) throw usage('ARGUMENT_INVALID', 'which case? --case PATH');
  return location;
}

function jobsTerms(values: Values, [verb = 'list', id]: readonly string[]) {
  const location = values.case === undefined ? {} : { case: absolute(oneCase(values)) };
  return { verb, json: values.json === true, ...location, ...(id !== undefined && { id }) };
}

/** As jobs name it. */
function absolute(location: string): string {
  return location.startsWith('s3://') ? location : resolve(location);
}

async function status(place: QueuePlace, values: Values): Promise<void> {
  if (values.case === undefined) return print(JSON.stringify(await queueStatus(place)));
  return watchCommand(place, { case: oneCase(values), watch: values.watch === true, json: values.json === true });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
