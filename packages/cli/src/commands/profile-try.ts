import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '@custody/bytes';
import { DiskScratch } from '@custody/case';
import { loadProfileTools, type Trial, type TriedRecord } from '@custody/decode';
import { Command } from 'commander';
import { openDump, sourceOf } from '../dump-file.ts';
import { EXIT } from '../exit-code.ts';
import { Output, visible } from '../output.ts';
import { readKeys } from '../read-keys.ts';
import { readProfileFile } from '../read-profile-file.ts';

interface Flags {
  readonly keys: readonly string[];
  readonly rows: string;
  readonly json?: boolean;
}

const MOST_ROWS = 4000;
/** Names of fields that are listed for people; with --json all are. */
const MOST_NAMES = 100;

export function profileTryCommand(): Command {
  return new Command('try')
    .description('decode the first records of a dump with a profile and say what became of each; nothing is kept')
    .argument('<profile>', 'the profile, JSON or YAML')
    .argument('<dump>', 'the dump it describes')
    .option('--keys <file>', 'a keyring; repeatable', (value: string, all: readonly string[]) => [...all, value], [])
    .option('--rows <n>', `records to look at, at most ${MOST_ROWS}`, '100')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(profilePath: string, dump: string, flags: Flags): Promise<void> {
  const rows = Number(flags.rows);
  if (!Number.isInteger(rows) || rows < 1 || rows > MOST_ROWS) {
    throw new UsageError('ARGUMENT_INVALID', `--rows ${flags.rows}: a number from 1 to ${MOST_ROWS}`);
  }
  const { checkProfile, tryProfile } = await loadProfileTools();
  const { usable, mistakes } = checkProfile(await readProfileFile(profilePath));
  if (usable === null) {
    const list = mistakes.map((mistake) => `\n  ${mistake}`).join('');
    throw new UsageError('PROFILE_INVALID', `${profilePath}: ${mistakes.length} mistake(s):${list}`);
  }
  const keyring = { keys: await readKeys(flags.keys) };
  const scratch = new DiskScratch();
  const fd = openDump(dump);
  try {
    const file = { name: basename(dump), source: sourceOf(fd) };
    const trial = await tryProfile(file, usable, { rows, context: { keyring, scratch } });
    await tell(trial, mistakes, new Output(flags.json === true));
  } finally {
    closeSync(fd);
    scratch.dispose();
  }
}

/** One report: what is wrong with the profile itself, and what the records of the dump have against it. */
async function tell(trial: Trial, mistakes: readonly string[], out: Output): Promise<void> {
  for (const record of trial.records) await out.line(recordJson(record), () => recordText(record));
  const { outcomes, unused, firstDisagreement, disagreements, findings } = trial;
  const end = {
    records: trial.records.length,
    outcomes,
    unused,
    firstDisagreement: firstDisagreement === null ? null : recordJson(firstDisagreement),
    disagreements,
    mistakes,
    findings: findings.map(({ code, detail }) => ({ code, detail })),
  };
  await out.line(end, () => summaryText(trial, mistakes));
  const disagrees = firstDisagreement !== null || disagreements.some(({ row }) => row !== null);
  if (disagrees || findings.length > 0) process.exitCode = EXIT.findings;
  if (trial.records.every(({ item }) => item === null)) process.exitCode = EXIT.nothingDecoded;
  // The profile would be refused, whatever it made of the dump.
  if (mistakes.length > 0) process.exitCode = EXIT.usage;
}

function recordJson({ row, outcome, detail, item }: TriedRecord): object {
  return {
    row,
    outcome,
    detail,
    sender: item?.sender?.value ?? null,
    recipients: item?.recipients?.map(({ value }) => value) ?? null,
    sentAt: utcOf(item),
    body: bodyOf(item),
  };
}

function recordText({ row, outcome, detail, item }: TriedRecord): string {
  const who = item?.sender?.value ?? '';
  return visible(`row ${row}  ${outcome}  ${detail ?? `${utcOf(item) ?? ''} ${who}: ${bodyOf(item) ?? ''}`}`);
}

function utcOf(item: TriedRecord['item']): string | null {
  const utc = item?.sentAt?.utc ?? null;
  return utc === null ? null : new Date(utc).toISOString();
}

function bodyOf(item: TriedRecord['item']): string | null {
  return item?.body === undefined || item.body === null ? null : Buffer.from(item.body).toString('utf8');
}

function summaryText(trial: Trial, mistakes: readonly string[]): string {
  const { records, outcomes, unused, firstDisagreement, disagreements, findings } = trial;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const first =
    firstDisagreement === null
      ? []
      : [`first row that disagrees: ${firstDisagreement.row} (${firstDisagreement.detail})`];
  const names =
    unused.length === 0
      ? 'every field is used'
      : `fields that the profile does not use: ${unused.slice(0, MOST_NAMES).join(', ')}${unused.length > MOST_NAMES ? ` and ${unused.length - MOST_NAMES} more` : ''}`;
  const against = disagreements.map(
    ({ path, row, detail }) => `${path}${row === null ? '' : `, first in row ${row}`}: ${detail}`,
  );
  const more = findings.map(({ code, detail }) => `${code}: ${detail}`);
  const wrong =
    mistakes.length === 0
      ? []
      : [
          `${mistakes.length} mistake(s) in the profile, which is refused until they are mended:`,
          ...mistakes.map((mistake) => `  ${mistake}`),
        ];
  return visible(
    [`${records.length} record(s): ${counts.join(', ')}`, ...first, ...against, names, ...more, ...wrong].join('\n'),
  );
}
