import type { Command } from 'commander';

/** Adds the flags of commands that leave their work to workers. */
export function queueFlags(command: Command): Command {
  return command
    .option('--queue <redis>', 'leave the work to workers (redis://host:port; "custody worker" starts one)')
    .option('--lab <name>', 'keys of one laboratory on a Redis that several share')
    .option('--no-wait', 'with --queue: hand the jobs in and do not wait until workers have done them');
}
