import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '@custody/bytes';
import { draftProfile } from '@custody/decode';
import { Command } from 'commander';
import { Output } from '../output.ts';

/** Enough for a hundred records of an ordinary dump. */
const HEAD = 1024 * 1024;

export function profileNewCommand(): Command {
  return new Command('new')
    .description('draft a profile from the first 100 records of a dump, for a person to finish')
    .argument('<dump>', 'lines of JSON, or a table with a header')
    .option('--out <file>', 'write it there (never over a file) instead of to stdout')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(path: string, flags: { out?: string; json?: boolean }): Promise<void> {
  const draft = draftProfile(basename(path), await readHead(path));
  if (draft === null) {
    const what = 'neither lines of JSON nor a table of text with a header: begin with one of the shipped profiles';
    throw new UsageError('ARGUMENT_INVALID', `${path} is ${what}`);
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

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => refuse(path, error));
  try {
    const bytes = new Uint8Array(HEAD);
    return bytes.subarray(0, (await file.read(bytes, 0, HEAD, 0)).bytesRead);
  } finally {
    await file.close();
  }
}
