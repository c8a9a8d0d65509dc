import { UsageError } from '@custody/bytes';
import { createCase, loadOrCreatePerson, type OriginalsPlace } from '@custody/case';
import { Command } from 'commander';
import { Output } from '../output.ts';
import { caseCommand } from '../with-case.ts';

interface Flags {
  readonly case: string;
  readonly title?: string;
  readonly origin?: string;
  readonly recipient: readonly string[];
  readonly originals?: string;
  /** `false` from `--no-lock`. */
  readonly lock?: string | false;
  readonly retainDays?: string;
  readonly legalHold: boolean;
  readonly createBuckets?: boolean;
  readonly json?: boolean;
}

/** Ours: a year; the authority's own period is for the lab to follow. */
const RETAIN_DAYS = 365;
/** Ours: a hundred years. */
const MAX_RETAIN_DAYS = 36_525;

export function initCommand(): Command {
  return caseCommand(new Command('init'))
    .description('make a new case and print its verifier key')
    .option('--title <text>', 'title of the case')
    .option('--origin <name>', "the log's name, domain/id")
    .option(
      '--recipient <role=age>',
      'holder of a compartment (source, evidence, withheld, privileged, log); repeatable',
      collect,
      [],
    )
    .option('--originals <s3://bucket/prefix>', 'a bucket of their own for originals, which can lock objects')
    .option('--lock <mode>', 'how each original is locked there: governance (default) or compliance')
    .option('--no-lock', 'do not lock originals: recorded')
    .option('--retain-days <n>', `how long an original is locked from its intake on (default ${RETAIN_DAYS})`)
    .option('--create-buckets', 'make the buckets that are not there, the one for originals with Object Lock')
    .option('--no-legal-hold', 'retention only, without a legal hold on each original')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const person = await loadOrCreatePerson();
  const opened = await createCase(flags.case, {
    person,
    ...(flags.title !== undefined && { title: flags.title }),
    ...(flags.origin !== undefined && { origin: flags.origin }),
    ...originalsOf(flags),
    ...(flags.createBuckets === true && { createBuckets: true }),
    recipients: flags.recipient.map((text) => {
      const at = text.indexOf('=');
      return { compartment: text.slice(0, at), recipient: text.slice(at + 1) };
    }),
  });
  const holders = new Set(Object.values(opened.state.keys ?? {}).flatMap((key) => key.holders));
  const result = {
    case: opened.vault.location,
    origin: opened.ledger.origin,
    verifierKey: opened.verifierKeyText,
    identity: person.path,
    compartments: opened.state.keys,
    oneHolderForAll: holders.size === 1,
    originals: opened.state.originals,
    checkpoint: opened.checkpointJson(),
  };
  await new Output(flags.json === true).line(result, () =>
    [
      `case          ${result.case}`,
      `verifier key  ${result.verifierKey}`,
      `identity      ${result.identity} (keep it secret; it opens the case)`,
      result.oneHolderForAll
        ? 'compartments  one holder for all five: recorded. --recipient ROLE=AGE names others'
        : 'compartments  held separately',
      ...originalsText(result.originals),
      'Give the verifier key to whoever will verify exhibits, by another way than the exhibits.',
    ].join('\n'),
  );
}

function originalsOf(flags: Flags): { originals?: OriginalsPlace } {
  const { originals, lock, retainDays } = flags;
  if (originals === undefined) {
    if (lock === undefined && retainDays === undefined) return {};
    throw new UsageError(
      'ARGUMENT_INVALID',
      'a lock needs a bucket of its own for originals: --originals s3://bucket/prefix',
    );
  }
  if (lock === false) return { originals: { location: originals, lock: null } };
  const mode = (lock ?? 'governance').toUpperCase();
  const days = Number(retainDays ?? RETAIN_DAYS);
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw new UsageError('ARGUMENT_INVALID', '--lock must be governance or compliance');
  if (!Number.isInteger(days) || days < 1 || days > MAX_RETAIN_DAYS)
    throw new UsageError('ARGUMENT_INVALID', `--retain-days must be a whole number from 1 to ${MAX_RETAIN_DAYS}`);
  return { originals: { location: originals, lock: { mode, days, hold: flags.legalHold } } };
}

function originalsText(place: OriginalsPlace | null): string[] {
  if (place === null) return [];
  const { lock } = place;
  if (lock === null) return [`originals     ${place.location}, NOT locked: recorded`];
  const hold = lock.hold ? ' and a legal hold' : '';
  return [`originals     ${place.location}, each locked: ${lock.mode} for ${lock.days} days${hold}`];
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
