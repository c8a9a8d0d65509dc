import { type IndexResult, indexCase, linksOfCase } from '@custody/case';
import { Command } from 'commander';
import { becomeWorker } from '../become-worker.ts';
import { EXIT } from '../exit-code.ts';
import { type QueueFlags, queueEnvironment } from '../hand-to-workers.ts';
import { readThreads } from '../read-threads.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function indexCommand(): Command {
  return caseCommand(new Command('index'))
    .description('build the index tiles that are missing; the index is derived, so index/ may be deleted at any time')
    .option('--check', 'write nothing: build every tile again and compare it with the stored one')
    .option('--links', 'build the links index too, which "custody links", watch and report else build when first asked')
    .option('--threads <n>', 'worker threads (default: all cores; results do not depend on it)', readThreads)
    .option('--queue <redis>', 'build nothing here: hand the work to workers (redis://host:port)')
    .option('--lab <name>', 'keys of one laboratory on a Redis that several share')
    .action(async (flags: CaseFlags & QueueFlags & { check?: boolean; links?: boolean; threads?: number }) => {
      if (flags.queue !== undefined) {
        becomeWorker(['enqueue', '--case', flags.case], queueEnvironment(flags));
      }
      await withCase(flags, async (opened, out, progress) => {
        const check = flags.check === true;
        const result = await indexCase(opened, {
          progress,
          check,
          ...(flags.threads !== undefined && { threads: flags.threads }),
        });
        if (flags.links === true && !check) await linksOfCase(opened, progress);
        progress.stop();
        await out.line(result, check ? checkedText : builtText);
        if (result.different.length > 0 || result.missing > 0) process.exitCode = EXIT.integrity;
      });
    });
}

function builtText({ segments, stored, existed, merged }: IndexResult): string {
  const more = `${existed > 0 ? `, ${existed} were there` : ''}${merged > 0 ? `, ${merged} merged` : ''}`;
  return `${segments} segments, ${stored} tiles built${more}`;
}

function checkedText({ segments, existed, missing, different }: IndexResult): string {
  return [
    `${segments} segments, ${existed} tiles equal, ${different.length} different, ${missing} missing`,
    ...different.map(({ label, why }) => `different  ${label}: ${why}`),
    ...(different.length > 0 ? ['delete index/ in the case and run "custody index": it is derived'] : []),
    ...(missing > 0 ? ['"custody index" builds what is missing'] : []),
  ].join('\n');
}
