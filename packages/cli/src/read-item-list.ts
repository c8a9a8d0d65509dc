import { InvalidArgumentError } from 'commander';

/** `5,7-9`. More than a million is a mistake of typing. */
export function readItemList(list: string): number[] {
  const out: number[] = [];
  for (const part of list.split(',')) {
    const range = /^\s*(\d{1,15})(?:\s*-\s*(\d{1,15}))?\s*$/.exec(part);
    if (range === null) throw new InvalidArgumentError('numbers and ranges: 5,7-9');
    const first = Number(range[1]);
    const last = range[2] === undefined ? first : Number(range[2]);
    if (last < first || last - first + out.length > 1_000_000)
      throw new InvalidArgumentError('a range runs upwards, a million items at most');
    for (let i = first; i <= last; i++) out.push(i);
  }
  return out;
}
