import { parseArgs } from 'node:util';
import { CustodyError } from '@custody/bytes';
import { enqueueIndex } from './enqueue.ts';
import { usage } from './errors.ts';
import { exitCodeOf } from './exit-code.ts';
import { probeRedis } from './probe-redis.ts';
import { JobQueue, prefixOf, type QueuePlace } from './queue.ts';
import { runWorker } from './run-worker.ts';

const HELP = `custody-worker [run] --redis URL [--lab NAME]             take jobs until SIGTERM; the job under way is finished
custody-worker enqueue --case PATH --redis URL [--lab NAME]  hand in jobs for every segment without an index tile
custody-worker status --redis URL [--lab NAME]               jobs by state; exit 0 when Redis answers, else 5
custody-worker doctor --redis URL [--lab NAME]               what this Redis keeps of what queues need, as JSON

URL: redis://host:port or rediss://user:password@host:port (TLS); $CUSTODY_REDIS keeps it out of the process list.
The worker acts as $CUSTODY_IDENTITY, which must hold "evidence"; storage as for custody (CUSTODY_S3_...).
Exit: 0 well, 1 usage, 3 an integrity check failed, 4 refused, 5 a service is unavailable.`;

const SEE_HELP = '(custody-worker --help shows what there is)';

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CustodyError)) throw error;
  process.stderr.write(`custody-worker: ${error.message}\n`);
  process.exitCode = exitCodeOf(error);
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) return print(HELP);
  const redis = values.redis ?? process.env.CUSTODY_REDIS;
  if (redis === undefined) throw usage('ARGUMENT_INVALID', 'which Redis? Give --redis URL or set $CUSTODY_REDIS');
  const place = { redis, ...(values.lab !== undefined && { lab: values.lab }) };
  const [verb = 'run', ...rest] = positionals;
  if (rest.length > 0) throw usage('ARGUMENT_INVALID', `one command at a time ${SEE_HELP}`);
  switch (verb) {
    case 'run':
      return runWorker(place);
    case 'enqueue':
      if (values.case === undefined) throw usage('ARGUMENT_INVALID', 'which case? --case PATH');
      return print(JSON.stringify(await enqueueIndex(values.case, place)));
    case 'doctor':
      return print(JSON.stringify(await probeRedis(redis, prefixOf(place))));
    case 'status':
      return print(JSON.stringify(await status(place)));
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
        case: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw usage('ARGUMENT_INVALID', `${(error as Error).message} ${SEE_HELP}`);
  }
}

async function status(place: QueuePlace): Promise<Record<string, unknown>> {
  const queue = await JobQueue.open('index', place);
  try {
    return { index: await queue.counts() };
  } finally {
    await queue.close();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
