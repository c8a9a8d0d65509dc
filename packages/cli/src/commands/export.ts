import { UsageError } from '@custody/bytes';
import { exportItems, exportProvenance, type MadeExport } from '@custody/case';
import { exchangeFormats } from '@custody/exchange';
import { Command } from 'commander';
import { itemListText, parseItemList } from '../item-list.ts';
import { addQueryFlags, describeQuery, hasQuery, type QueryFlags, selectByQuery } from '../query-flags.ts';
import { addRedactionFlags, type RedactionFlags, redactionsOf } from '../redaction-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, QueryFlags, RedactionFlags {
  readonly items?: readonly number[];
  readonly exhibitRef?: string;
  readonly out: string;
  readonly prov?: boolean;
  /** One flag a format, as commander writes its name. */
  readonly [format: string]: unknown;
}

export function exportCommand(): Command {
  const command = caseCommand(new Command('export'))
    .description('write items in scope in the exchange formats of other tools; recorded as a disclosure')
    .option('--items <list>', 'item numbers: 5,7-9 (default: all, or the flags of "custody query")', parseItemList)
    .option('--exhibit-ref <text>', 'exhibit reference; prefix of Bates numbers')
    .option('--reason <text>', 'why: recorded with the disclosure')
    .requiredOption('--out <folder>', 'the folder to make; an existing one is not touched');
  command.option('--prov', 'custody events instead of items: CASE/UCO and W3C PROV, JSON-LD');
  for (const { name, standard } of exchangeFormats) command.option(`--${name}`, standard);
  return addRedactionFlags(addQueryFlags(command)).action(run);
}

async function run(flags: Flags): Promise<void> {
  const formats = exchangeFormats.filter(({ name }) => flags[flagOf(name)] === true).map(({ name }) => name);
  if (flags.prov === true) return provenance(flags, formats);
  if (formats.length === 0) {
    const known = exchangeFormats.map(({ name }) => `--${name}`).join(', ');
    throw new UsageError('ARGUMENT_INVALID', `name at least one format: ${known}`);
  }
  await withCase(flags, async (opened, out, progress) => {
    const items = flags.items ?? (hasQuery(flags) ? await selectByQuery(opened, flags) : null);
    const made = await exportItems(opened, {
      ...{ formats, items, out: flags.out, selection: selectionText(flags), progress },
      ...{ redact: flags.redact, redactions: await redactionsOf(flags) },
      ...(flags.exhibitRef !== undefined && { exhibitRef: flags.exhibitRef }),
      ...(flags.reason !== undefined && { reason: flags.reason }),
    });
    progress.stop();
    await out.line(made, text);
  });
}

/** Who did what, and not what was found: an export of its own. */
async function provenance(flags: Flags, formats: readonly string[]): Promise<void> {
  if (formats.length > 0 || flags.items !== undefined || hasQuery(flags))
    throw new UsageError('ARGUMENT_INVALID', '--prov exports custody events: give it alone');
  await withCase(flags, async (opened, out) => {
    const made = await exportProvenance(opened, {
      out: flags.out,
      ...(flags.reason !== undefined && { reason: flags.reason }),
    });
    await out.line(made, ({ events, size, sha256 }) =>
      [
        `export    ${flags.out}/provenance.jsonld: ${events} events, log size ${size}`,
        `sha256    ${sha256} of the list of sums (recorded in the log)`,
      ].join('\n'),
    );
  });
}

function selectionText(flags: Flags): string[] {
  if (flags.items !== undefined) return [`items ${itemListText(flags.items)}`];
  return hasQuery(flags) ? describeQuery(flags) : ['every item in scope'];
}

function text(made: MadeExport): string {
  return [
    `export    ${made.out} (${made.files} files; check with: cd ${made.out} && sha256sum -c manifest-sha256.txt)`,
    `sha256    ${made.sha256} of the list of sums (recorded in the log)`,
    `shows     ${made.items} item(s) in scope, log size ${made.size}${made.leftOut > 0 ? `; ${made.leftOut} chosen one(s) left out: not in scope` : ''}${made.withheldItems > 0 ? `; ${made.withheldItems} withheld as a whole` : ''}`,
    ...made.formats.flatMap(({ name, standard, notes }) => [
      `format    ${name}: ${standard}`,
      ...notes.map((note) => `note      ${note}`),
    ]),
  ].join('\n');
}

/** `case-uco` is `caseUco` among the parsed flags. */
function flagOf(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
