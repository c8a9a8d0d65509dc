import { rm } from 'node:fs/promises';
import type { CborValue } from '@custody/bytes';
import { hexEncode, utf8Encode } from '@custody/bytes';
import { batesNumber, csvLine } from '@custody/exchange';
import { type ZipPieces, zipChunks } from '@custody/exhibit';
import { readRecipient, seal } from '@custody/vault';
import { usage } from '../errors.ts';
import { evidenceSize } from '../evidence-size.ts';
import { ExhibitSources } from '../exhibit-sources.ts';
import { holdsItem, type ItemRun, itemRuns } from '../item-runs.ts';
import { packExhibit } from '../make-exhibit.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { type Receipt, signReceipt } from '../receipt/receipt.ts';
import type { RedactionRule } from '../redaction-rules.ts';
import { refuse } from '../refuse.ts';
import { segmentOfLeaf } from '../selection.ts';
import { scheduleCsv, type UnusedMaterial, unusedMaterial } from './review.ts';
import { type PackageMember, writeSealedPackage } from './sealed-package.ts';

/** Rules of disclosure that a package follows: England and Wales (CPIA 1996), United States, or none in particular. */
export const disclosureLaws = ['ew', 'us', 'none'] as const;
export type DisclosureLaw = (typeof disclosureLaws)[number];

export interface DiscloseOptions {
  /** Who receives it, in words, and the age recipient that it is sealed to. */
  readonly party: { readonly name: string; readonly recipient: string };
  readonly items: readonly number[];
  readonly selection: readonly string[];
  readonly law: DisclosureLaw;
  /** Prefix of Bates numbers, too. */
  readonly exhibitRef?: string;
  readonly redact: readonly string[];
  readonly redactions?: readonly RedactionRule[];
  readonly out: string;
  readonly reason?: string;
  /** Items of one exhibit in the package; default 1000. */
  readonly itemsAnExhibit?: number;
  readonly progress?: Progress;
}

/** `custody disclose --json`. */
export interface Disclosed {
  readonly out: string;
  /** SHA-256 of the sealed file, recorded in the log. */
  readonly sha256: string;
  readonly size: number;
  readonly entry: number;
  readonly items: number;
  readonly exhibits: number;
  readonly unused: { readonly nonSensitive: number; readonly unreviewed: number; readonly otherwiseMarked: number };
  /** Items on the schedule that the party does not get: for the lab and the prosecutor. */
  readonly sensitive: number;
  readonly receipt: Receipt;
  /** The schedule of sensitive material, sealed to the case's own `evidence`; null where there is none. */
  readonly sensitiveSchedule: Uint8Array | null;
}

/** Items of one exhibit in a package: it is put together in memory, some 100 KB an item at its most. */
const ITEMS_AN_EXHIBIT = 1000;

/**
 * Makes a package for a party: exhibits with their proofs and verifiers, an index, and the schedule of unused material, as
 * one ZIP sealed to the party's age key. Recorded before the receipt is given. Items that a decision on privilege
 * released need another person to disclose them than the one who released them. Throws RefusedError (recorded),
 * UsageError NOTHING_SELECTED, EXPORT_EXISTS and those of an exhibit.
 */
export async function disclose(opened: Case, options: DiscloseOptions): Promise<Disclosed> {
  readRecipient(options.party.recipient);
  const runs = itemRuns(options.items);
  if (runs.length === 0) throw usage('NOTHING_SELECTED', 'nothing was selected: name items or a query that finds some');
  await checkSecondPerson(opened, options.items);
  const size = evidenceSize(opened);
  const unused = await unusedMaterial(opened, (index) => holdsItem(runs, index));
  const sources = new ExhibitSources(opened);
  const made = new Parts(opened, options, { size, sources });
  const recipients = [options.party.recipient];
  const { sha256 } = await writeSealedPackage(options.out, recipients, made.members(unused)).finally(() =>
    sources.close(),
  );
  const entry = await record(opened, options, { sha256, size, runs });
  const statement = {
    kind: 'disclosure' as const,
    ...{ origin: opened.ledger.origin, verifierKey: opened.verifierKeyText, size, entry, sha256 },
    ...{ party: options.party, items: made.items, exhibits: made.count, law: options.law },
    reason: options.reason ?? null,
  };
  return {
    ...{ out: options.out, sha256, size, entry, items: made.items, exhibits: made.count },
    unused: {
      nonSensitive: unused.nonSensitive.length,
      ...{ unreviewed: unused.unreviewed, otherwiseMarked: unused.otherwiseMarked },
    },
    sensitive: unused.sensitive.length,
    receipt: signReceipt(opened, statement),
    sensitiveSchedule: sensitiveSchedule(opened, unused),
  };
}

/** What was privileged once leaves the lab only by two persons: one releases it, another discloses it. */
async function checkSecondPerson(opened: Case, items: readonly number[]): Promise<void> {
  const { history } = opened.state;
  if (history.decisions.length === 0) return;
  const own = hexEncode(opened.requirePerson().signer.publicKey);
  for (const index of items) {
    const release = history.decisionsOn(index).findLast((one) => one.privilege !== null);
    if (release === undefined) continue;
    const entry = opened.ledger.entries[release.entry];
    if (entry === undefined || hexEncode(entry.actor) !== own) continue;
    const why = `the claim of privilege on item ${index} was decided ("${release.privilege}") by the person who discloses it`;
    await refuse(opened, 'disclose', `${why}: another person has to`);
  }
}

/** Makes the members one after the other. */
class Parts {
  count = 0;
  items = 0;
  readonly #case: Case;
  readonly #options: DiscloseOptions;
  readonly #size: number;
  readonly #sources: ExhibitSources;
  readonly #most: number;
  /** LeafIndex of the items, ascending, each once. */
  readonly #order: Float64Array;

  constructor(
    opened: Case,
    options: DiscloseOptions,
    { size, sources }: { readonly size: number; readonly sources: ExhibitSources },
  ) {
    this.#case = opened;
    this.#options = options;
    this.#most = options.itemsAnExhibit ?? ITEMS_AN_EXHIBIT;
    this.#order = Float64Array.from(new Set(options.items)).sort();
    this.#size = size;
    this.#sources = sources;
  }

  async *members(unused: UnusedMaterial): AsyncGenerator<PackageMember> {
    const items = this.#order;
    const stage = this.#options.progress?.stage('disclose', items.length, 'records');
    const most = this.#most;
    for (let at = 0; at < items.length; at += most) {
      const some = [...items.subarray(at, at + most)];
      const name = exhibitName(this.count++);
      yield { name, pieces: () => this.#exhibit(some) };
      stage?.at(Math.min(items.length, at + most));
    }
    yield { name: 'index.csv', pieces: async () => () => this.#index() };
    const text = (name: string, content: string) => {
      const bytes = utf8Encode(content);
      return { name, pieces: async () => () => [bytes] };
    };
    if (this.#options.law !== 'none')
      yield text('schedules/unused-material.csv', scheduleCsv(unused.nonSensitive, this.#options.law === 'us'));
    yield text('disclosure.json', `${JSON.stringify(this.#statement(unused), null, 1)}\n`);
    yield text('README.txt', readme(this.#case));
  }

  async #exhibit(items: readonly number[]): Promise<ZipPieces> {
    const { exhibitRef, redact, redactions, selection } = this.#options;
    const shown = {
      ...{ items, context: 0, at: this.#size, redact, selection },
      ...(redactions !== undefined && { redactions }),
      ...(exhibitRef !== undefined && { exhibitRef }),
    };
    const { document, members } = await packExhibit(this.#case, shown, this.#sources);
    this.items += document.completeness.shown;
    return () => zipChunks(members);
  }

  /** Every item with the exhibit that shows it: made as it is read, for there may be millions. */
  *#index(): Generator<Uint8Array> {
    const { law, exhibitRef } = this.#options;
    yield utf8Encode(csvLine(indexColumns(law)));
    for (let at = 0; at < this.#order.length; at += this.#most) {
      const name = exhibitName(at / this.#most);
      const lines: string[] = [];
      this.#order.subarray(at, at + this.#most).forEach((index, i) => {
        const { entry, first } = segmentOfLeaf(this.#case, index);
        const exculpatory = this.#case.state.marks.of(index).has('exculpatory') ? 'yes' : '';
        const row = [name, index, entry, index - first, exculpatory];
        lines.push(csvLine(law === 'us' ? [batesNumber(exhibitRef ?? null, at + i + 1), ...row] : row));
      });
      yield utf8Encode(lines.join(''));
    }
  }

  #statement(unused: UnusedMaterial): object {
    const { party, law, exhibitRef, selection } = this.#options;
    return {
      custodyDisclosure: 1,
      ...{ party: party.name, law, exhibitRef: exhibitRef ?? null, selection },
      ...{ origin: this.#case.ledger.origin, verifierKey: this.#case.verifierKeyText, size: this.#size },
      ...{ items: this.items, exhibits: this.count },
      // What is sensitive is not told here, not even how much: its schedule goes to the court.
      notDisclosed: {
        ...{ scheduled: unused.nonSensitive.length, unreviewed: unused.unreviewed },
        otherwiseMarked: unused.otherwiseMarked,
      },
    };
  }
}

/** `from`: exhibits before it. */
function exhibitName(from: number): string {
  return `exhibits/${String(from + 1).padStart(4, '0')}.zip`;
}

function indexColumns(law: DisclosureLaw): string[] {
  const columns = ['exhibit', 'item', 'segment entry', 'position', 'exculpatory'];
  return law === 'us' ? ['Bates number', ...columns] : columns;
}

function readme(opened: Case): string {
  return [
    `A disclosure of the custody log ${opened.ledger.origin}`,
    '',
    'manifest-sha256.txt   sums of every file: sha256sum -c manifest-sha256.txt',
    'disclosure.json       what this is and what is not in it',
    'index.csv             every item with the exhibit that shows it',
    'schedules/            material that is not disclosed, as far as you are told of it',
    'exhibits/             each verifies by itself: custody verify FILE --verifier-key KEY, or unpack it and run verify.py',
    '',
    'Take the verifier key from the laboratory by another way than this package: a key that comes with what it verifies',
    'shows only that nothing was changed since.',
    '',
  ].join('\n');
}

async function record(
  opened: Case,
  options: DiscloseOptions,
  made: { readonly sha256: string; readonly size: number; readonly runs: readonly ItemRun[] },
): Promise<number> {
  const event = opened.draft('disclose', {
    ...(options.reason !== undefined && { reason: options.reason }),
    subject: new Map<string, CborValue>([
      ['exhibitRef', options.exhibitRef ?? ''],
      ['party', options.party.name],
      ['recipient', options.party.recipient],
      ['sha256', made.sha256],
      ['size', made.size],
    ]),
    detail: new Map<string, CborValue>([
      ['law', options.law],
      ['runs', made.runs.map((run) => [...run])],
      ['selection', options.selection.join('; ')],
    ]),
  });
  try {
    const [entry] = await opened.append([event]);
    return entry?.index ?? -1;
  } catch (error) {
    // A disclosure that is not in the log is none.
    await rm(options.out, { force: true });
    throw error;
  }
}

function sensitiveSchedule(opened: Case, { sensitive }: UnusedMaterial): Uint8Array | null {
  const evidence = opened.state.keys?.evidence.recipient;
  if (sensitive.length === 0 || evidence === undefined) return null;
  return seal(utf8Encode(scheduleCsv(sensitive, true)), [evidence]);
}
