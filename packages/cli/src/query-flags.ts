import { UsageError } from '@custody/bytes';
import { type Case, type IndexQuery, selectByIndex } from '@custody/case';
import { typedTime } from '@custody/evidence';
import type { Command } from 'commander';

export interface QueryFlags {
  readonly type?: string;
  readonly value?: string;
  readonly prefix?: string;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
  readonly party?: string;
  readonly min?: string;
  readonly max?: string;
}

const names = ['type', 'value', 'prefix', 'from', 'to', 'text', 'party', 'min', 'max'] as const;

export function addQueryFlags(command: Command): Command {
  return command
    .option('--type <type>', 'entity type or class (phone, imei, money, device …)')
    .option('--value <value>', 'canonical or as people write it')
    .option('--prefix <prefix>', 'beginning of a canonical value')
    .option('--from <time>', 'sent at or after (ISO 8601, UTC unless it says otherwise)')
    .option('--to <time>', 'sent before')
    .option('--text <query>', 'words, all of which must occur; "quoted phrases"')
    .option('--party <party>', 'sender, recipient or owner')
    .option('--min <n>', 'amounts from')
    .option('--max <n>', 'amounts up to');
}

export function hasQuery(flags: QueryFlags): boolean {
  return names.some((name) => flags[name] !== undefined);
}

/** The query of the flags. Throws UsageError ARGUMENT_INVALID for a time that is none. */
export function indexQuery(flags: QueryFlags): IndexQuery {
  const { type, value, prefix, text, party, min, max } = flags;
  return {
    ...(type !== undefined && { type }),
    ...(value !== undefined && { value }),
    ...(prefix !== undefined && { prefix }),
    ...(text !== undefined && { text }),
    ...(party !== undefined && { party }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(flags.from !== undefined && { from: time('--from', flags.from) }),
    ...(flags.to !== undefined && { to: time('--to', flags.to) }),
  };
}

export function selectByQuery(opened: Case, flags: QueryFlags): Promise<number[]> {
  return selectByIndex(opened, indexQuery(flags));
}

export function describeQuery(flags: QueryFlags): string[] {
  return names.flatMap((name) => (flags[name] === undefined ? [] : [`${name} ${flags[name]}`]));
}

function time(flag: string, text: string): number {
  const ms = typedTime(text);
  if (Number.isNaN(ms)) throw new UsageError('ARGUMENT_INVALID', `${flag} ${text}: not an ISO 8601 time`);
  return ms;
}
