import { InvalidArgumentError } from 'commander';

/** The value of `--threads`. */
export function readThreads(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1024) {
    throw new InvalidArgumentError('a whole number from 1 to 1024');
  }
  return number;
}
