import { CustodyError } from '@custody/bytes';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { program } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader (head, less) has seen enough.
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

try {
  await program().parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CustodyError) {
    if (process.argv.includes('--json')) {
      process.stdout.write(
        `${JSON.stringify({ error: { family: error.family, code: error.code, message: error.message } })}\n`,
      );
    }
    process.stderr.write(`custody: ${error.message}\n`);
    return exitCodeOf(error);
  }
  const failure = error as NodeJS.ErrnoException;
  if (typeof failure.code === 'string' && /^E[A-Z]+$/.test(failure.code)) {
    process.stderr.write(`custody: ${failure.message}\n`);
    return failure.code === 'ENOSPC' || failure.code === 'EIO' ? EXIT.unavailable : EXIT.usage;
  }
  process.stderr.write(`custody: a fault of the program, please report it: ${failure.stack ?? String(error)}\n`);
  return EXIT.usage;
}
