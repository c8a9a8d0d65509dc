import { UsageError } from '@custody/bytes';
import { Command, InvalidArgumentError } from 'commander';
import { type ScalePart, scaleParts } from '../measure/scale/scale-parts.ts';
import { Output } from '../output.ts';
import { readThreads } from '../read-threads.ts';

interface Flags {
  readonly messages: number;
  readonly threads?: number;
  readonly plan?: number;
  readonly json?: boolean;
  readonly keep?: boolean;
  /** `true` without a value: all parts. */
  readonly scale?: string | true;
  readonly spend?: boolean;
  readonly questions: number;
  readonly exhibit?: number | true;
  /** `true` without a value: both. */
  readonly profile?: string | true;
}

/** What the exhibit of the floors has. */
const EXHIBIT_ITEMS = 10_000;

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the whole path, stage by stage, on generated captures (source checkout only)')
    .option('--messages <n>', 'messages of each capture', readMessages, 200_000)
    .option('--threads <n>', 'worker threads of the ingest (default: all cores)', readThreads)
    .option('--plan <n>', 'what an envelope dump of so many messages would take on 2, 8 and 64 cores', readMessages)
    .option(
      '--scale [parts]',
      `instead: embedded against queued with Redis and S3, and look-ups: ${scaleParts.join(',')} (default: all)`,
    )
    .option('--questions <n>', 'with --scale: look-ups of each kind', readQuestions, 100)
    .option(
      '--spend',
      'with --scale or --profile: remove the generated dump once it is sealed (a large run on a small disk)',
    )
    .option(
      '--exhibit [items]',
      'instead: an exhibit of so many items, assembled and verified (default: 10000)',
      readMessages,
    )
    .option('--profile [kinds]', 'instead: dumps described by a profile with a recipe: ndjson,csv (default: both)')
    .option('--keep', 'leave the cases that were made')
    .option('--json', 'machine-readable output on stdout')
    .action(async (flags: Flags) => {
      const { messages, threads, plan, json, keep } = flags;
      const out = new Output(json === true);
      if (flags.scale !== undefined) return bench(flags, out);
      if (flags.profile !== undefined) return benchProfile(flags, out);
      if (flags.exhibit !== undefined) return benchExhibit(flags.exhibit === true ? EXHIBIT_ITEMS : flags.exhibit, out);
      const [{ runBench }, { benchText }] = await Promise.all([
        import('../measure/run-bench.ts'),
        import('../measure/report.ts'),
      ]);
      const report = await runBench({
        messages,
        keep: keep === true,
        say: (what) => out.note(what),
        ...(threads !== undefined && { threads }),
        ...(plan !== undefined && { plan }),
      });
      await out.line(report, benchText);
    });
}

async function bench({ scale, messages, threads, plan, keep, spend, questions }: Flags, out: Output): Promise<void> {
  const parts = readParts(scale === true ? scaleParts.join() : (scale ?? ''));
  if (spend === true && parts.some((part) => part.endsWith('-worker') || part.endsWith('-workers')))
    throw new UsageError('ARGUMENT_INVALID', '--spend leaves nothing for queued runs: ask for them apart');
  const [{ runScale }, { scaleText }] = await Promise.all([
    import('../measure/scale/run-scale.ts'),
    import('../measure/scale/scale-text.ts'),
  ]);
  const report = await runScale({
    ...{ messages, parts, spend: spend === true, keep: keep === true, each: questions },
    say: (what) => out.note(what),
    ...(threads !== undefined && { threads }),
    ...(plan !== undefined && { plan }),
  });
  await out.line(report, scaleText);
}

async function benchProfile({ profile, messages, threads, spend }: Flags, out: Output): Promise<void> {
  const wanted = profile === true ? ['ndjson', 'csv'] : (profile ?? '').split(',');
  const kinds = (['ndjson', 'csv'] as const).filter((kind) => wanted.includes(kind));
  if (kinds.length < wanted.length)
    throw new UsageError('ARGUMENT_INVALID', `--profile takes ndjson, csv, not "${wanted.join()}"`);
  const { runProfileBench, profileText } = await import('../measure/profile-bench.ts');
  const say = (what: string) => out.note(what);
  const terms = { messages, kinds, spend: spend === true, say, ...(threads !== undefined && { threads }) };
  await out.line(await runProfileBench(terms), profileText);
}

async function benchExhibit(items: number, out: Output): Promise<void> {
  const { runExhibitBench, exhibitText } = await import('../measure/exhibit-bench.ts');
  await out.line(await runExhibitBench(items, (what) => out.note(what)), exhibitText);
}

function readParts(text: string): readonly ScalePart[] {
  const wanted = text.split(',').filter(Boolean);
  const unknown = wanted.find((part) => !scaleParts.some((known) => known === part));
  if (unknown !== undefined || wanted.length === 0)
    throw new UsageError('ARGUMENT_INVALID', `--scale takes ${scaleParts.join(', ')}, not "${unknown ?? ''}"`);
  const parts = scaleParts.filter((part) => wanted.includes(part));
  if (parts.some((part) => part.endsWith('lookups')) && !parts.includes('embedded'))
    throw new UsageError('ARGUMENT_INVALID', 'look-ups are put to the case that "embedded" makes: ask for both');
  return parts;
}

function readQuestions(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new InvalidArgumentError('a whole number from 1 to 10,000');
}

function readMessages(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 100 || number > 200_000_000) {
    throw new InvalidArgumentError('a whole number from 100 to 200,000,000');
  }
  return number;
}
