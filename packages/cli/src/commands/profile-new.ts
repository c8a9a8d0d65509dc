import { closeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '@custody/bytes';
import { DiskScratch } from '@custody/case';
import { loadProfileTools, type ProfileDraft } from '@custody/decode';
import { Command } from 'commander';
import { openDump, sourceOf } from '../dump-file.ts';
import { Output } from '../output.ts';

const MOST_REASONS = 3;

export function profileNewCommand(): Command {
  return new Command('new')
    .description('draft a profile from the first 100 records of a dump, for a person to finish')
    .argument('<dump>', 'a table of text, lines of JSON, JSON, XML, XLSX, SQLite, or the text of an SQL dump')
    .option('--out <file>', 'write it there (never over a file) instead of to stdout')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(path: string, flags: { out?: string; json?: boolean }): Promise<void> {
  const { draft, why } = await draftOf(path);
  if (draft === null) {
    const next = 'write the profile by hand: packages/decode/src/profile/REFERENCE.md has every key';
    const what = why.length > 0 ? why.join('; ') : 'nothing in it looks like records of a container that is known';
    throw new UsageError('ARGUMENT_INVALID', `${path}: ${what}; ${next}`);
  }
  const text = `${JSON.stringify(draft, null, 2)}\n`;
  if (flags.out !== undefined) {
    await writeFile(flags.out, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => refuse(flags.out, error));
  }
  const output = new Output(flags.json === true);
  if (output.json) await output.line({ out: flags.out ?? null, profile: draft }, () => '');
  else if (flags.out === undefined) process.stdout.write(text);
  process.stderr.write(
    `Next: say what is sealed and how ("recipe"), what the layout is based on, and add "knownAnswers" and "tampered" with invented records; then "custody profile check" and "custody profile try".\n`,
  );
}

function refuse(path: string | undefined, error: NodeJS.ErrnoException): never {
  throw new UsageError('ARGUMENT_INVALID', `${path}: ${error.code === 'EEXIST' ? 'is there already' : error.message}`);
}

async function draftOf(path: string): Promise<{ draft: ProfileDraft | null; why: readonly string[] }> {
  const { draftFile } = await loadProfileTools();
  const scratch = new DiskScratch();
  const fd = openDump(path);
  try {
    const why = new Set<string>();
    const draft = await draftFile({ name: basename(path), source: sourceOf(fd) }, scratch, (one) => why.add(one));
    return { draft, why: [...why].slice(0, MOST_REASONS) };
  } finally {
    closeSync(fd);
    scratch.dispose();
  }
}
