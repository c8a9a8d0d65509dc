import { InvalidArgumentError } from 'commander';

/** A whole number from a flag: the size of a log, an item's number. */
export function readSize(text: string): number {
  const number = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('a whole number');
  return number;
}
