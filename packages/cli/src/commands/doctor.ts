import { UnavailableError, UsageError } from '@custody/bytes';
import {
  openVault,
  type ProbeCheck,
  type ProbeReport,
  parseVaultLocation,
  probeOriginalsBucket,
  probeStateBucket,
  probeVault,
} from '@custody/vault';
import { Command } from 'commander';
import { askWorker } from '../become-worker.ts';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';

interface Flags {
  readonly case?: string;
  readonly originals?: string;
  readonly redis?: string | true;
  readonly lab?: string;
  readonly json?: boolean;
}

interface Examined extends ProbeReport {
  readonly what: 'store' | 'originals' | 'redis';
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('probe services: which promises that custody needs do they keep? Writes and removes canary objects')
    .option('--case <path>', 'a directory or s3://bucket/prefix; a fresh prefix is enough')
    .option('--originals <s3://bucket/prefix>', 'a bucket for originals: versions, retention, legal hold')
    .option('--redis [url]', 'a Redis for queues; without a URL the one in $CUSTODY_REDIS')
    .option('--lab <name>', 'the laboratory whose keys in Redis are tried')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const examined: Examined[] = [];
  if (flags.case !== undefined) examined.push({ what: 'store', ...(await probeStore(flags.case)) });
  if (flags.originals !== undefined) {
    examined.push({ what: 'originals', ...(await probeOriginalsBucket(flags.originals)) });
  }
  if (flags.redis !== undefined) examined.push({ what: 'redis', ...(await probeRedis(flags)) });
  const [first] = examined;
  if (first === undefined) {
    throw new UsageError('ARGUMENT_INVALID', 'what is to be examined? --case PATH, --originals s3://…, --redis URL');
  }
  const fit = examined.every((one) => one.fit);
  const report = { location: first.location, fit, checks: first.checks, examined };
  await new Output(flags.json === true).line(report, () => examined.map(text).join('\n\n'));
  if (!fit) process.exitCode = EXIT.unavailable;
}

async function probeStore(location: string): Promise<ProbeReport> {
  const onS3 = parseVaultLocation(location).kind === 's3';
  return onS3 ? probeStateBucket(location) : probeVault(await openVault(location));
}

/** The program that knows Redis is asked; the address goes by its environment, for it may hold a password. */
async function probeRedis({ redis, lab }: Flags): Promise<ProbeReport> {
  const env = typeof redis === 'string' ? { ...process.env, CUSTODY_REDIS: redis } : process.env;
  const { code, stdout, stderr } = await askWorker(['doctor', ...(lab === undefined ? [] : ['--lab', lab])], env);
  if (code === EXIT.ok) return JSON.parse(stdout) as ProbeReport;
  const message = stderr.replace(/^custody-worker: /, '').trim();
  if (code === EXIT.unavailable) throw new UnavailableError('QUEUE_UNAVAILABLE', message);
  throw new UsageError('ARGUMENT_INVALID', message);
}

function text({ what, location, fit, checks }: Examined): string {
  // Races are run several times: what came out the same each time is one line.
  const lines = [...Map.groupBy(checks, (check) => `  ${mark(check)}  ${check.promise} ${check.seen}`)];
  return [
    `${what}  ${location}`,
    ...lines.map(([line, { length }]) => (length === 1 ? line : `${line} (${length} times)`)),
    `  ${fit ? 'fit for custody' : 'NOT fit for custody'}`,
  ].join('\n');
}

function mark({ kept, required }: ProbeCheck): string {
  if (kept) return 'kept    ';
  return required === false ? 'weaker  ' : 'BROKEN  ';
}
