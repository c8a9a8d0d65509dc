import { readFile } from 'node:fs/promises';
import { UsageError } from '@custody/bytes';
import { type RedactionRule, readRedactions, valueRule } from '@custody/case';
import type { Command } from 'commander';

/** Longest file of redactions or annotations. */
const MOST_TEXT = 64 * 1024 ** 2;

export interface RedactionFlags {
  readonly redact: readonly string[];
  readonly redactValue: readonly string[];
  readonly redactions?: string;
}

/** What leaves the lab may be redacted: the same flags everywhere. */
export function addRedactionFlags(command: Command): Command {
  return command
    .option('--redact <field>', 'withhold this field of every item; repeatable', gather, [])
    .option('--redact-value <value>', 'withhold this value wherever it occurs; repeatable', gather, [])
    .option('--redactions <file>', 'withhold what this file says, with reasons (schemas/redactions.schema.json)');
}

/** Throws UsageError ARGUMENT_INVALID with every mistake of the file. */
export async function redactionsOf({ redactValue, redactions }: RedactionFlags): Promise<RedactionRule[]> {
  const values = redactValue.map((value) => valueRule(value));
  return redactions === undefined ? values : [...values, ...readRedactions(await readText(redactions))];
}

/** A small text file that the user names. Throws UsageError ARGUMENT_INVALID. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError('ARGUMENT_INVALID', `${path} cannot be read (${error.code})`);
  });
  if (bytes.length > MOST_TEXT) throw new UsageError('ARGUMENT_INVALID', `${path} has more than ${MOST_TEXT} bytes`);
  return bytes.toString('utf8');
}

function gather(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
