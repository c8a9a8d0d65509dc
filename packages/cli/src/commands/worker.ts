import { Command } from 'commander';
import { becomeWorker } from '../become-worker.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('take jobs from a queue until SIGTERM: the program custody-worker ("custody worker --help")')
    .argument('[args...]', 'its own arguments')
    .allowUnknownOption()
    .helpOption(false)
    .action((args: readonly string[]) => becomeWorker(args));
}
