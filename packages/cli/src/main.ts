import { CustodyError } from '@custody/bytes';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { program } from './program.ts';
import { systemFailure } from './system-error.ts';

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
  const told = error instanceof CustodyError ? error : systemFailure(error);
  if (told === null) {
    const { stack } = error as Partial<Error>;
    process.stderr.write(`custody: a fault of the program, please report it: ${stack ?? String(error)}\n`);
    return EXIT.usage;
  }
  const { family, code, message } = told;
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: { family, code, message } })}\n`);
  process.stderr.write(`custody: ${message}\n`);
  if (error instanceof CustodyError) return exitCodeOf(error);
  return family === 'unavailable' ? EXIT.unavailable : EXIT.usage;
}
