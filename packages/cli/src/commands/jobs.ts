import { Command } from 'commander';
import { becomeWorker } from '../become-worker.ts';
import { type QueueFlags, queueEnvironment } from '../hand-to-workers.ts';

interface Flags extends QueueFlags {
  readonly case?: string;
  readonly json?: boolean;
}

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('jobs of workers: what waits, runs or was set aside, and why')
    .argument('[verb]', 'list, retry (what was set aside is tried again, each job apart) or drop', 'list')
    .argument('[id]', 'of the job, or how it begins')
    .option('--queue <redis>', 'where the queue is (redis://host:port; default: $CUSTODY_REDIS)')
    .option('--lab <name>', 'keys of one laboratory on a Redis that several share')
    .option('--case <path>', 'only jobs of this case')
    .option('--json', 'machine-readable output on stdout')
    .action((verb: string, id: string | undefined, flags: Flags) => {
      const about = flags.case === undefined ? [] : ['--case', flags.case];
      const json = flags.json === true ? ['--json'] : [];
      becomeWorker(['jobs', verb, ...(id === undefined ? [] : [id]), ...about, ...json], queueEnvironment(flags));
    });
}
