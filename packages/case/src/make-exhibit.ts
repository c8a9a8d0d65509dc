import { rm } from 'node:fs/promises';
import { type Content, type ExhibitDocument, packBag, writeZip } from '@custody/exhibit';
import { Assembly, type AssemblyOptions } from './assemble-exhibit.ts';
import { requireCarriedOut } from './exhibit-gone.ts';
import { Redaction } from './exhibit-redaction.ts';
import { ExhibitSources } from './exhibit-sources.ts';
import type { Case } from './open-case.ts';
import { fieldRule, type RedactionRule } from './redaction-rules.ts';
import { refuse } from './refuse.ts';
import { regionsOf } from './regions-of.ts';

export interface ExhibitOptions extends AssemblyOptions {
  /** Item fields that are withheld everywhere. */
  readonly redact: readonly string[];
  /** What is withheld besides, with reasons. */
  readonly redactions?: readonly RedactionRule[];
  readonly out: string;
  readonly reason?: string;
}

export interface MadeExhibit {
  readonly out: string;
  readonly sha256: string;
  readonly size: number;
  readonly shown: number;
  readonly context: number;
  readonly findings: number;
  readonly rawRecords: number;
  /** Fields withheld in whole or in part, over all items and findings. */
  readonly withheldFields: number;
  readonly notes: readonly string[];
}

/**
 * Assembles an exhibit: a function of case, SIZE, selection, redactions and build, so that the same command gives the
 * same bytes. The disclose event with its hash comes after it and is not inside. Throws RefusedError (recorded) where a
 * withheld value would be left in it, UsageError ITEM_UNKNOWN, NOTHING_SELECTED, ARGUMENT_INVALID, EXHIBIT_EXISTS.
 */
export async function makeExhibit(opened: Case, options: ExhibitOptions): Promise<MadeExhibit> {
  const sources = new ExhibitSources(opened);
  const { document, members } = await packExhibit(opened, options, sources).finally(() => sources.close());
  const sha256 = await writeZip(options.out, members);
  const numbers = exhibitNumbers(document);
  const { exhibitRef, reason } = options;
  const shown = { ...{ sha256, exhibitRef, reason }, size: numbers.size, items: indexesOf(document) };
  await recordExhibit(opened, options.out, shown);
  return { out: options.out, sha256, ...numbers };
}

/** Records that an exhibit was made. A disclosure that is not in the log is none: then the file at `out` goes. */
export async function recordExhibit(
  opened: Case,
  out: string,
  made: {
    readonly sha256: string;
    readonly size: number;
    readonly items: readonly number[];
    readonly exhibitRef?: string | undefined;
    readonly reason?: string | undefined;
  },
): Promise<void> {
  const event = opened.draft('disclose', {
    ...(made.reason !== undefined && { reason: made.reason }),
    subject: new Map<string, string | number>([
      ['exhibitRef', made.exhibitRef ?? ''],
      ['sha256', made.sha256],
      ['size', made.size],
    ]),
    detail: new Map([['items', [...made.items]]]),
  });
  try {
    await opened.append([event]);
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  }
}

/** LeafIndex of everything that an exhibit shows. */
export function indexesOf({ leaves }: ExhibitDocument): number[] {
  return leaves.map(({ index }) => index);
}

/** What an exhibit shows, counted. */
export function exhibitNumbers(document: ExhibitDocument): Omit<MadeExhibit, 'out' | 'sha256'> {
  return {
    size: document.size,
    shown: document.completeness.shown,
    context: document.completeness.context,
    findings: document.leaves.filter((leaf) => leaf.kind === 2).length,
    rawRecords: document.leaves.reduce((sum, leaf) => sum + leaf.raw.length, 0),
    withheldFields: document.leaves.reduce((sum, leaf) => sum + withheldOf(document.redacted.length, leaf), 0),
    notes: document.completeness.notes,
  };
}

/** The members of an exhibit's ZIP; nothing is written or recorded yet, but refusals. */
export async function packExhibit(
  opened: Case,
  options: Omit<ExhibitOptions, 'out' | 'reason'>,
  sources: ExhibitSources,
): Promise<{ readonly document: ExhibitDocument; readonly members: ReadonlyMap<string, Content> }> {
  requireCarriedOut(opened);
  const redaction = new Redaction(rulesOf(options), regionsOf(opened));
  const { document, payload } = await new Assembly(opened, options, { redaction, sources }).assemble();
  const members = packBag(document, payload);
  const left = redaction.residue(document, members);
  if (left !== null) await refuse(opened, 'exhibit', `${left}: an exhibit must not show what it withholds`);
  return { document, members };
}

function withheldOf(everywhere: number, leaf: { readonly kind: 1 | 2; readonly withheld: readonly string[] }): number {
  return (leaf.kind === 1 ? everywhere : 0) + leaf.withheld.length;
}

/** Attachments that are left out altogether are withheld like any other field. */
function rulesOf({ redact, redactions = [], media }: Omit<ExhibitOptions, 'out' | 'reason'>): RedactionRule[] {
  const none: RedactionRule[] =
    media === 'none' ? [{ what: 'media', field: 'attachments', reason: null, authority: null }] : [];
  return [...redact.map(fieldRule), ...redactions, ...none];
}
