import { type CborValue, utf8Encode } from '@custody/bytes';
import { type ExchangeFormat, type ExchangeHeader, exchangeFormats } from '@custody/exchange';
import { usage } from '../errors.ts';
import { evidenceSize } from '../evidence-size.ts';
import { Redaction } from '../exhibit-redaction.ts';
import { type ItemRun, itemRuns } from '../item-runs.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { fieldRule, type RedactionRule } from '../redaction-rules.ts';
import { refuse } from '../refuse.ts';
import { regionsOf } from '../regions-of.ts';
import { toolBuild } from '../tool-build.ts';
import { ExportDirectory } from './export-directory.ts';
import { exportTables } from './export-tables.ts';
import { gatherItems } from './gather-items.ts';
import { ReadingOrder } from './reading-order.ts';

export interface ExportOptions {
  /** Names of exchange formats (`exchangeFormats`). */
  readonly formats: readonly string[];
  /** LeafIndex of the chosen items; null: every item in scope that is in force. */
  readonly items: readonly number[] | null;
  /** The selection in words. */
  readonly selection: readonly string[];
  /** Item fields that are withheld everywhere, and what is withheld besides. A text with a gap is withheld whole. */
  readonly redact: readonly string[];
  readonly redactions?: readonly RedactionRule[];
  readonly out: string;
  readonly exhibitRef?: string;
  readonly reason?: string;
  readonly progress?: Progress;
}

export interface MadeExport {
  readonly out: string;
  /** SHA-256 of the list of sums, which is recorded in the log. */
  readonly sha256: string;
  /** Log size that the export shows. */
  readonly size: number;
  readonly items: number;
  /** Chosen items that are out of scope, undecided, privileged or expunged: counted, never written. */
  readonly leftOut: number;
  /** Chosen items of which so much is withheld that nothing is left to show. */
  readonly withheldItems: number;
  readonly files: number;
  readonly formats: readonly { readonly name: string; readonly standard: string; readonly notes: readonly string[] }[];
}

const TABLES_WITHHELD =
  'mentions and findings are left out, because something is withheld: they were made from all of the text';

/**
 * Writes items in scope in exchange formats, as a disclosure that is recorded before the files have their name. Throws
 * RefusedError (recorded) where an authority allows use as intelligence only; UsageError ARGUMENT_INVALID,
 * NOTHING_SELECTED, EXPORT_EXISTS, EXPORT_UNWRITABLE.
 */
export async function exportItems(opened: Case, options: ExportOptions): Promise<MadeExport> {
  const formats = toWrite(options.formats.map(formatOf));
  const size = evidenceSize(opened);
  const redaction = new Redaction([...options.redact.map(fieldRule), ...(options.redactions ?? [])], regionsOf(opened));
  const directory = await ExportDirectory.create(options.out);
  const order = new ReadingOrder();
  try {
    const { notInScope: leftOut, withheld: withheldItems } = await gatherItems(
      opened,
      { ...options, redaction },
      order,
    );
    if (order.size === 0) throw usage('NOTHING_SELECTED', 'nothing in scope was selected: there is nothing to export');
    const header = headerOf(opened, { ...options, redaction }, size);
    await checkWords(opened, redaction, header);
    const done = [];
    for (const format of formats) {
      const notes = [...(await format.write(order.read(), header, directory))];
      const beside = await format.writeTables?.(
        exportTables(opened, redaction.isEmpty ? order.indexes() : null),
        directory,
      );
      if (beside !== undefined && !redaction.isEmpty) notes.push(TABLES_WITHHELD);
      done.push({ name: format.name, standard: format.standard, notes: [...notes, ...(beside ?? [])] });
    }
    await describe(directory, {
      ...header,
      redactions: redaction.statement,
      items: order.size,
      leftOut,
      withheldItems,
      formats: done,
    });
    const sha256 = await directory.seal();
    await opened.append([disclosure(opened, options, { sha256, size, runs: itemRuns(order.indexes()) })]);
    const files = directory.names.length;
    await directory.release();
    return { out: options.out, sha256, size, items: order.size, leftOut, withheldItems, files, formats: done };
  } catch (error) {
    await directory.discard();
    throw error;
  } finally {
    order.dispose();
  }
}

function formatOf(name: string): ExchangeFormat {
  const found = exchangeFormats.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = exchangeFormats.map((one) => one.name).join(', ');
  throw usage('ARGUMENT_INVALID', `there is no exchange format "${name}"; there are ${known}`);
}

/** What the producer, the case and the authorities say goes into every format, and must not say what is withheld. */
async function checkWords(opened: Case, redaction: Redaction, header: ExchangeHeader): Promise<void> {
  const { title, exhibitRef, authorities, selection } = header;
  const grounds = redaction.statement.flatMap(({ reason, authority }) => [reason, authority]);
  const said = [title, exhibitRef, ...selection, ...grounds, ...authorities.flatMap((one) => Object.values(one))];
  const words = new Map([['the words of the producer or the case', utf8Encode(JSON.stringify(said))]]);
  const left = redaction.residueIn(words);
  if (left !== null) await refuse(opened, 'export', `${left}: an export must not show what it withholds`);
}

/** One that another holds is not written beside it. */
function toWrite(formats: readonly ExchangeFormat[]): readonly ExchangeFormat[] {
  const held = new Set(formats.flatMap((one) => one.contains ?? []));
  return formats.filter(({ name }) => !held.has(name));
}

function headerOf(
  opened: Case,
  options: ExportOptions & { readonly redaction: Redaction },
  size: number,
): ExchangeHeader {
  return {
    origin: opened.ledger.origin,
    title: opened.state.title,
    verifierKey: opened.verifierKeyText,
    size,
    asOf: new Date(opened.ledger.entries[size - 1]?.time ?? 0).toISOString(),
    tool: toolBuild(),
    authorities: [...opened.state.authorities.values()].map(({ authority }) => ({
      ...{ id: authority.id, reference: authority.reference, issuedBy: authority.issuedBy },
      ...{ type: authority.type ?? null, validFrom: iso(authority.validFrom), validTo: iso(authority.validTo) },
    })),
    selection: options.redaction.selection(options.selection),
    redacted: options.redaction.names,
    exhibitRef: options.exhibitRef ?? null,
  };
}

function iso(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** `export.json`: what the folder is, for who finds it without the command that made it. */
async function describe(directory: ExportDirectory, statement: object): Promise<void> {
  const file = await directory.file('export.json');
  await file.write(utf8Encode(`${JSON.stringify({ custodyExport: 1, ...statement }, null, 1)}\n`));
  await file.close();
}

function disclosure(
  opened: Case,
  options: ExportOptions,
  made: { readonly sha256: string; readonly size: number; readonly runs: readonly ItemRun[] },
): ReturnType<Case['draft']> {
  return opened.draft('disclose', {
    ...(options.reason !== undefined && { reason: options.reason }),
    subject: new Map<string, string | number>([
      ['exhibitRef', options.exhibitRef ?? ''],
      ['export', options.formats.join(' ')],
      ['sha256', made.sha256],
      ['size', made.size],
    ]),
    detail: new Map<string, CborValue>([
      ['runs', made.runs.map((run) => [...run])],
      ['redacted', (options.redactions?.length ?? 0) + options.redact.length],
      ['selection', options.selection.join('; ')],
    ]),
  });
}
