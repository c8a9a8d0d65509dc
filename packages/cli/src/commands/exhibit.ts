import { UsageError } from '@custody/bytes';
import {
  type Case,
  collectExhibit,
  type ExhibitLanguage,
  type ExhibitMedia,
  type ExhibitOptions,
  exhibitLanguages,
  exhibitMedia,
  exhibitSummary,
  fillText,
  type MadeExhibit,
  makeExhibit,
  orderExhibit,
  readAnnotations,
} from '@custody/case';
import { Command, InvalidArgumentError, Option } from 'commander';
import { orderToWorkers, type QueueFlags } from '../hand-to-workers.ts';
import { itemListText, parseItemList } from '../item-list.ts';
import { addQueryFlags, describeQuery, hasQuery, type QueryFlags, selectByQuery } from '../query-flags.ts';
import { queueFlags } from '../queue-flags.ts';
import { addRedactionFlags, type RedactionFlags, readText, redactionsOf } from '../redaction-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

/** Setting 10,000 items on paper takes some 20 s: for more than these only where somebody asks. */
const MOST_PDF_ITEMS = 1000;

interface Flags extends CaseFlags, QueryFlags, RedactionFlags, QueueFlags {
  readonly collect?: string;
  readonly items?: readonly number[];
  readonly context: number;
  readonly at?: number;
  readonly exhibitRef?: string;
  readonly producer?: string;
  readonly media: ExhibitMedia;
  readonly lang: ExhibitLanguage;
  readonly tz?: string;
  readonly annotations?: string;
  readonly pdf?: boolean;
  readonly out: string;
}

export function exhibitCommand(): Command {
  const command = caseCommand(new Command('exhibit'))
    .description('write an exhibit: chosen items with context, openings, proofs, raw records and a page')
    .option('--items <list>', 'item numbers: 5,7-9', parseItemList)
    .option('--context <n>', 'items before and after each in its conversation', whole, 0)
    .option('--at <size>', 'log size that the exhibit shows (default: the newest with evidence)', whole)
    .option('--exhibit-ref <text>', 'exhibit reference')
    .option('--producer <text>', 'who produces it')
    .addOption(new Option('--media <how>', 'attachments').choices(exhibitMedia).default('hash'))
    .addOption(new Option('--lang <language>', 'language of page and summary').choices(exhibitLanguages).default('en'))
    .option('--tz <zone>', 'zone of local times beside UTC, as Europe/Amsterdam', timeZone)
    .option('--annotations <file>', 'translations and notes to stand beside items (schemas/annotations.schema.json)')
    .option('--pdf', `a PDF of any length (default: for up to ${MOST_PDF_ITEMS} items)`)
    .option('--no-pdf', 'no PDF')
    .option('--reason <text>', 'why: recorded with the disclosure')
    .option('--collect <label>', 'fetch an exhibit that was left to workers with --no-wait')
    .requiredOption('--out <file>', 'the ZIP to write; an existing file is not replaced');
  return queueFlags(addRedactionFlags(addQueryFlags(command))).action(run);
}

async function run(flags: Flags): Promise<void> {
  await withCase(flags, async (opened, out, progress) => {
    if (flags.collect !== undefined) {
      await out.line(await collectExhibit(opened, flags.collect, flags.out), (one) => text(one, flags.lang));
      return;
    }
    const options = await optionsOf(opened, flags);
    if (flags.queue === undefined) {
      await out.line(await makeExhibit(opened, { ...options, out: flags.out }), (one) => text(one, flags.lang));
      return;
    }
    const label = await orderExhibit(opened, options);
    await orderToWorkers(opened, label, { flags, progress });
    progress.stop();
    if (flags.wait === false) return out.line({ ordered: label }, orderedText);
    await out.line(await collectExhibit(opened, label, flags.out), (one) => text(one, flags.lang));
  });
}

function orderedText({ ordered }: { readonly ordered: string }): string {
  return `ordered   ${ordered}: a worker makes it; "custody exhibit --collect ${ordered} --out FILE" fetches it`;
}

async function optionsOf(opened: Case, flags: Flags): Promise<Omit<ExhibitOptions, 'out'>> {
  if (flags.items === undefined && !hasQuery(flags)) {
    throw new UsageError('ARGUMENT_INVALID', 'name items with --items, or give the flags of "custody query"');
  }
  const items = flags.items ?? (await selectByQuery(opened, flags));
  return {
    items,
    context: flags.context,
    redact: flags.redact,
    redactions: await redactionsOf(flags),
    ...{ media: flags.media, lang: flags.lang, pdf: flags.pdf ?? items.length <= MOST_PDF_ITEMS },
    ...(flags.pdf === undefined && items.length > MOST_PDF_ITEMS && { pdfLimit: MOST_PDF_ITEMS }),
    ...(flags.tz !== undefined && { timeZone: flags.tz }),
    ...(flags.annotations !== undefined && { annotations: readAnnotations(await readText(flags.annotations)) }),
    selection: flags.items === undefined ? describeQuery(flags) : [`items ${itemListText(flags.items)}`],
    ...(flags.at !== undefined && { at: flags.at }),
    ...(flags.exhibitRef !== undefined && { exhibitRef: flags.exhibitRef }),
    ...(flags.producer !== undefined && { producer: flags.producer }),
    ...(flags.reason !== undefined && { reason: flags.reason }),
  };
}

function text(made: MadeExhibit, lang: ExhibitLanguage): string {
  const t = exhibitSummary(lang);
  const { shown, context, findings, rawRecords, size, withheldFields } = made;
  return [
    `${t.exhibit.padEnd(9)} ${made.out}`,
    `sha256    ${made.sha256} (${t.recorded})`,
    `${t.shows.padEnd(9)} ${fillText(t.counts, { shown, context, findings, rawRecords, size })}`,
    ...(withheldFields > 0 ? [`${t.withheld.padEnd(9)} ${withheldFields}`] : []),
    ...made.notes.map((note) => `${t.note.padEnd(9)} ${note}`),
    `${t.verify.padEnd(9)} custody verify ${made.out} --verifier-key KEY`,
  ].join('\n');
}

function timeZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new InvalidArgumentError('a zone as Europe/Amsterdam or +02:00');
  }
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('a whole number');
  return number;
}
