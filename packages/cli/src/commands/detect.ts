import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '@custody/bytes';
import { detectFormat, type Probe } from '@custody/decode';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';

export function detectCommand(): Command {
  return new Command('detect')
    .description('say which format a file has, and why')
    .argument('<file...>', 'files')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(files: readonly string[], flags: { json?: boolean }): Promise<void> {
  const out = new Output(flags.json === true);
  for (const file of files) {
    const claims = await detectFormat(await probe(file));
    const line = {
      file,
      format: claims[0]?.format.name ?? null,
      claims: claims.map(({ format, claim }) => ({
        format: format.name,
        confidence: claim.confidence,
        grounds: claim.grounds,
      })),
    };
    await out.line(line, (one) =>
      one.format === null
        ? `${file}: no format recognised`
        : one.claims.map((claim) => `${file}: ${claim.format} (${claim.confidence}): ${claim.grounds}`).join('\n'),
    );
    if (line.format === null) process.exitCode = EXIT.nothingDecoded;
  }
}

async function probe(path: string): Promise<Probe> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      'CAPTURE_UNREADABLE',
      `${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    );
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new UsageError('CAPTURE_UNREADABLE', `${path}: not a file`);
    const read = async (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, (await file.read(bytes, 0, length, offset)).bytesRead);
    };
    const tail = Math.min(4096, stat.size);
    return {
      name: basename(path),
      length: stat.size,
      head: await read(0, Math.min(65536, stat.size)),
      tail: await read(stat.size - tail, tail),
    };
  } finally {
    await file.close();
  }
}
