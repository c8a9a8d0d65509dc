import { type CborValue, hexEncode, utf8Encode } from '@custody/bytes';
import { type ExchangeFormat, type ExchangeHeader, type ExchangeItem, exchangeFormats } from '@custody/exchange';
import { type LoggedSegment, openSegment } from '@custody/segment';
import { usage } from '../errors.ts';
import { evidenceSize } from '../evidence-size.ts';
import { type ItemRun, itemRuns } from '../item-runs.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { decided, derivationOf, segmentOfLeaf, segmentsInForce } from '../selection.ts';
import { toolBuild } from '../tool-build.ts';
import { ExportDirectory } from './export-directory.ts';
import { ReadingOrder } from './reading-order.ts';

export interface ExportOptions {
  /** Names of exchange formats (`exchangeFormats`). */
  readonly formats: readonly string[];
  /** LeafIndex of the chosen items; null: every item in scope that is in force. */
  readonly items: readonly number[] | null;
  /** The selection in words. */
  readonly selection: readonly string[];
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
  /** Chosen items that are out of scope, undecided or privileged: counted, never written. */
  readonly leftOut: number;
  readonly files: number;
  readonly formats: readonly { readonly name: string; readonly standard: string; readonly notes: readonly string[] }[];
}

/**
 * Writes items in scope in exchange formats, as a disclosure that is recorded before the files have their name. Throws
 * RefusedError (recorded) where an authority allows use as intelligence only; UsageError ARGUMENT_INVALID,
 * NOTHING_SELECTED, EXPORT_EXISTS, EXPORT_UNWRITABLE.
 */
export async function exportItems(opened: Case, options: ExportOptions): Promise<MadeExport> {
  const formats = options.formats.map(formatOf);
  const size = evidenceSize(opened);
  const directory = await ExportDirectory.create(options.out);
  const order = new ReadingOrder();
  try {
    const leftOut = await gather(opened, options, order);
    if (order.size === 0) throw usage('NOTHING_SELECTED', 'nothing in scope was selected: there is nothing to export');
    const header = headerOf(opened, options, size);
    const done = [];
    for (const format of formats) {
      const notes = await format.write(order.read(), header, directory);
      done.push({ name: format.name, standard: format.standard, notes });
    }
    await describe(directory, { ...header, items: order.size, leftOut, formats: done });
    const sha256 = await directory.seal();
    await opened.append([disclosure(opened, options, { sha256, size, runs: itemRuns(order.indexes()) })]);
    const files = directory.names.length;
    await directory.release();
    return { out: options.out, sha256, size, items: order.size, leftOut, files, formats: done };
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

/** Puts the chosen items into reading order and returns how many were left out. */
async function gather(opened: Case, options: ExportOptions, order: ReadingOrder): Promise<number> {
  const wanted = options.items === null ? null : new Set(options.items);
  const { evidence } = opened.contentIdentities;
  const segments = wanted === null ? segmentsInForce(opened) : segmentsOf(opened, wanted);
  const stage = options.progress?.stage('export', segments.length, 'segments');
  let found = 0;
  let done = 0;
  for (const segment of segments) {
    const derivation = derivationOf(opened, segment);
    const read = await openSegment(opened.vault, opened.ledger, segment, evidence === undefined ? {} : { evidence });
    for (const stored of read.opened()) {
      const leaf = decided(opened, stored);
      if (leaf.kind !== 'item' || leaf.disposition !== 'in-scope') continue;
      if (wanted !== null && !wanted.has(leaf.index)) continue;
      await checkUse(opened, derivation.authority, leaf.index);
      order.add(exchangeItem(leaf, derivation.capture));
      found++;
    }
    stage?.at(++done);
  }
  return wanted === null ? 0 : wanted.size - found;
}

/** Segments of chosen items in log order. Throws UsageError ITEM_UNKNOWN. */
function segmentsOf(opened: Case, items: ReadonlySet<number>): readonly LoggedSegment[] {
  const found = new Set([...items].map((index) => segmentOfLeaf(opened, index)));
  return [...found].sort((a, b) => a.ordinal - b.ordinal);
}

function exchangeItem(
  leaf: { readonly index: number; readonly link: Uint8Array; readonly item: ExchangeItem['item'] },
  capture: string,
): ExchangeItem {
  return { index: leaf.index, leaf: hexEncode(leaf.link), capture, item: leaf.item, withheld: [] };
}

async function checkUse(opened: Case, authority: string, index: number): Promise<void> {
  if (opened.state.authorities.get(authority)?.authority.use !== 'intelligence-only') return;
  const why = `authority "${authority}", which item ${index} came under, allows use as intelligence only`;
  await refuse(opened, 'export', why, authority);
}

function headerOf(opened: Case, options: ExportOptions, size: number): ExchangeHeader {
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
    selection: options.selection,
    redacted: [],
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
      ['selection', options.selection.join('; ')],
    ]),
  });
}
