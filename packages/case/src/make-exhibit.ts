import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { base64Encode, hexEncode, utf8Encode } from '@custody/bytes';
import { headerLink, inclusionProof, inclusionProofIn, treeLevels, withholdField } from '@custody/chain';
import { type ItemSlotName, itemSlot } from '@custody/evidence';
import {
  DOCUMENT_NAME,
  type ExhibitDocument,
  type ExhibitLeaf,
  type ExhibitSegment,
  type FieldJson,
  fieldJson,
  PAGE_NAME,
  renderPage,
  withSums,
  writeZip,
} from '@custody/exhibit';
import type { LoggedCommit, LoggedSegment, OpenedSegment } from '@custody/segment';
import type { CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
import { type Chosen, contextOf, conversationsOf, findingsOf } from './exhibit-context.ts';
import type { Case } from './open-case.ts';
import { rawRecords } from './raw-records.ts';
import { refuse } from './refuse.ts';
import { derivationOf, SegmentCache } from './selection.ts';
import { toolBuild } from './tool-build.ts';

export interface ExhibitOptions {
  /** LeafIndex of the chosen items. */
  readonly items: readonly number[];
  /** Items before and after each one in its conversation. */
  readonly context: number;
  /** Log size that the exhibit shows; default: the newest with a change of the evidence. */
  readonly at?: number;
  readonly exhibitRef?: string;
  readonly producer?: string;
  /** Item fields that are withheld everywhere. */
  readonly redact: readonly string[];
  /** The selection in words. */
  readonly selection: readonly string[];
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
  readonly notes: readonly string[];
}

/**
 * Assembles an exhibit: a function of case, SIZE, selection, redactions and build, so that the same command gives the
 * same bytes. The disclose event with its hash comes after it and is not inside.
 */
export async function makeExhibit(opened: Case, options: ExhibitOptions): Promise<MadeExhibit> {
  const assembly = new Assembly(opened, options);
  const members = await assembly.members();
  await writeZip(options.out, withSums(members));
  const sha256 = createHash('sha256')
    .update(await readFile(options.out))
    .digest('hex');
  const { document } = assembly;
  const event = opened.draft('disclose', {
    ...(options.reason !== undefined && { reason: options.reason }),
    subject: new Map<string, string | number>([
      ['exhibitRef', options.exhibitRef ?? ''],
      ['sha256', sha256],
      ['size', document.size],
    ]),
    detail: new Map([['items', document.leaves.map((leaf) => leaf.index)]]),
  });
  try {
    await opened.append([event]);
  } catch (error) {
    // A disclosure that is not in the log is none.
    await rm(options.out, { force: true });
    throw error;
  }
  return {
    out: options.out,
    sha256,
    size: document.size,
    shown: document.completeness.shown,
    context: document.completeness.context,
    findings: document.leaves.filter((leaf) => leaf.kind === 2).length,
    rawRecords: document.leaves.reduce((sum, leaf) => sum + leaf.raw.length, 0),
    notes: document.completeness.notes,
  };
}

class Assembly {
  readonly #case: Case;
  readonly #options: ExhibitOptions;
  readonly #cache: SegmentCache;
  readonly #members = new Map<string, Uint8Array>();
  readonly #notes: string[] = [];
  #document: ExhibitDocument | null = null;

  constructor(opened: Case, options: ExhibitOptions) {
    this.#case = opened;
    this.#options = options;
    this.#cache = new SegmentCache(opened, 64);
  }

  get document(): ExhibitDocument {
    if (this.#document === null) throw new Error('members() comes first');
    return this.#document;
  }

  async members(): Promise<ReadonlyMap<string, Uint8Array>> {
    const commit = this.#commit();
    const size = commit.size + commit.entries.length;
    const chosen = await this.#choose(size);
    const findings = await findingsOf(this.#case, chosen, { size, notes: this.#notes });
    const raw = await this.#raw(chosen);
    const leaves: ExhibitLeaf[] = [];
    for (const one of [...chosen, ...findings].sort((a, b) => a.index - b.index))
      leaves.push(await this.#leaf(one, raw.get(one.index)));
    const segments = [...new Map([...chosen, ...findings].map((one) => [one.segment.entry, one.segment])).values()];
    const derivations = [...new Set(chosen.map((one) => derivationOf(this.#case, one.segment)))];
    this.#document = {
      custodyExhibit: 1,
      exhibitRef: this.#options.exhibitRef ?? null,
      producer: this.#options.producer ?? null,
      asOf: new Date(this.#case.ledger.entries[size - 1]?.time ?? 0).toISOString(),
      case: { origin: this.#case.ledger.origin, title: this.#case.state.title },
      verifierKey: this.#case.verifierKeyText,
      checkpoint: commit.checkpoint,
      size,
      tool: toolBuild(),
      selection: this.#options.selection,
      redacted: this.#options.redact,
      derivations: derivations.map((one) => this.#derivation(one)),
      segments: this.#segments(segments, size),
      leaves,
      conversations: await conversationsOf(this.#case, chosen, findings),
      completeness: this.#completeness(chosen, derivations),
    };
    this.#members.set(DOCUMENT_NAME, utf8Encode(`${JSON.stringify(this.#document, null, 1)}\n`));
    this.#members.set('checkpoint', utf8Encode(commit.checkpoint));
    this.#members.set(PAGE_NAME, utf8Encode(renderPage(this.#document)));
    return this.#members;
  }

  /** The commit whose checkpoint the exhibit carries. */
  #commit(): LoggedCommit {
    const { commits } = this.#case.ledger;
    const { at } = this.#options;
    const passing = new Set(['access', 'disclose', 'verify', 'refuse']);
    const found =
      at === undefined
        ? commits.findLast((commit) => commit.entries.some((entry) => !passing.has(entry.kind)))
        : commits.find((commit) => commit.size + commit.entries.length === at);
    if (found === undefined)
      throw usage('ARGUMENT_INVALID', `--at ${at}: no signed checkpoint has that size ("custody log" shows them)`);
    return found;
  }

  async #choose(size: number): Promise<Chosen[]> {
    const selected = new Map<number, Chosen>();
    for (const index of [...new Set(this.#options.items)].sort((a, b) => a - b)) {
      const found = await this.#cache.leaf(index);
      if (found === null)
        return refuse(this.#case, 'exhibit', `item ${index} lies in a compartment that you do not hold`);
      if (found.leaf.kind !== 'item')
        throw usage('ITEM_UNKNOWN', `${index} is a finding: findings come along by themselves`);
      if (found.leaf.disposition !== 'in-scope') {
        const why = `item ${index} is ${found.leaf.disposition}: only what is in scope is disclosed`;
        return refuse(this.#case, 'exhibit', why);
      }
      const { segment } = found.segment;
      if (segment.entry >= size) throw usage('ITEM_UNKNOWN', `item ${index} came after size ${size}`);
      selected.set(index, { index, role: 'selected', segment, position: found.leaf.position });
    }
    if (selected.size === 0)
      throw usage('NOTHING_SELECTED', 'nothing was selected: name items or a query that finds some');
    for (const one of await contextOf(this.#case, [...selected.values()], this.#options.context)) {
      if (!selected.has(one.index)) selected.set(one.index, one);
    }
    return [...selected.values()];
  }

  async #raw(chosen: readonly Chosen[]): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    if (this.#options.redact.length > 0) {
      this.#notes.push('raw records are withheld: they carry the redacted fields');
      return new Map();
    }
    if (this.#case.held.source === undefined) {
      this.#notes.push('raw records are withheld: the producer does not hold the compartment "source"');
      return new Map();
    }
    const out = new Map<number, readonly Uint8Array[]>();
    for (const [derivation, items] of Map.groupBy(chosen, (one) => derivationOf(this.#case, one.segment))) {
      for (const [index, records] of await rawRecords(this.#case, derivation, items)) out.set(index, records);
    }
    return out;
  }

  async #leaf(one: Chosen, raw: readonly Uint8Array[] | undefined): Promise<ExhibitLeaf> {
    const segment = await this.#cache.open(one.segment);
    const disclosed = segment.disclose(one.position);
    if (disclosed === null) throw usage('ITEM_UNKNOWN', `item ${one.index} lies in a compartment that you do not hold`);
    const isItem = one.role !== 'finding';
    const hidden = new Set(isItem ? this.#options.redact.map(slotOf) : []);
    const fields = disclosed.map(
      (field, i): FieldJson => fieldJson(hidden.has(i + 1) ? withholdField(i + 1, field) : field),
    );
    const names = isItem && raw !== undefined ? this.#store(one.index, raw) : [];
    if (names.length > 0) {
      const salt = segment.saltOf(one.position, itemSlot.raw);
      if (salt !== null) fields[itemSlot.raw - 1] = { salt: hexEncode(salt), raw: true };
    }
    return {
      index: one.index,
      role: one.role,
      segment: one.segment.entry,
      position: one.position,
      kind: isItem ? 1 : 2,
      previous: hexEncode(previousLink(segment, one.position)),
      path: this.#path(segment, one.position),
      fields,
      raw: names,
    };
  }

  #store(index: number, raw: readonly Uint8Array[]): string[] {
    return raw.map((bytes, i) => {
      const name = `raw/${index}-${i}.bin`;
      this.#members.set(name, bytes);
      return name;
    });
  }

  readonly #levels = new Map<number, readonly Uint8Array[]>();

  #path(segment: OpenedSegment, position: number): string[] {
    let levels = this.#levels.get(segment.segment.entry);
    if (levels === undefined) {
      levels = treeLevels(segment.links);
      this.#levels.set(segment.segment.entry, levels);
    }
    return inclusionProofIn(levels, position).map(base64Encode);
  }

  #segments(segments: readonly LoggedSegment[], size: number): ExhibitSegment[] {
    const { entries } = this.#case.ledger;
    const hashes = new Uint8Array(size * 32);
    for (let i = 0; i < size; i++) hashes.set(entries[i]?.leafHash ?? new Uint8Array(32), i * 32);
    return segments
      .toSorted((a, b) => a.entry - b.entry)
      .map((segment) => ({
        entry: segment.entry,
        derivation: segment.derive,
        derive: hexEncode(entries[segment.derive]?.leafHash ?? new Uint8Array(0)),
        bytes: base64Encode(entries[segment.entry]?.bytes ?? new Uint8Array(0)),
        proof: inclusionProof(hashes, segment.entry).map(base64Encode),
      }));
  }

  #derivation(one: CaseDerivation): ExhibitDocument['derivations'][number] {
    const totals = one.totals;
    return {
      entry: one.entry,
      capture: one.capture,
      captureName: this.#case.state.captures.get(one.capture)?.name ?? '',
      format: one.format,
      decoder: one.decoder,
      authority: one.authority,
      records: totals?.records ?? 0,
      decoded: totals?.decoded ?? 0,
      lost: totals === null ? null : totals.lost,
      notCovered: totals?.notCovered ?? 0,
      items: totals?.items ?? 0,
      findings: totals?.findings ?? 0,
      evidenceRoot: totals?.evidenceRoot ?? '',
    };
  }

  #completeness(chosen: readonly Chosen[], derivations: readonly CaseDerivation[]): ExhibitDocument['completeness'] {
    const sum = (key: 'inScope' | 'outOfScope' | 'privileged' | 'undecided') =>
      derivations.reduce((total, one) => total + (one.totals?.[key] ?? 0), 0);
    const unfinished = derivations.filter((one) => one.totals === null).length;
    if (unfinished > 0) this.#notes.push(`${unfinished} derivation(s) were not finished: counts are incomplete`);
    return {
      shown: chosen.filter((one) => one.role === 'selected').length,
      context: chosen.filter((one) => one.role === 'context').length,
      inScope: sum('inScope'),
      outOfScope: sum('outOfScope'),
      privileged: sum('privileged'),
      undecided: sum('undecided'),
      notes: this.#notes,
    };
  }
}

function previousLink(segment: OpenedSegment, position: number): Uint8Array {
  if (position === 0) return headerLink(segment.leaves.header);
  return segment.links.subarray((position - 1) * 32, position * 32);
}

function slotOf(name: string): number {
  const slot = itemSlot[name as ItemSlotName];
  if (slot === undefined) {
    throw usage(
      'ARGUMENT_INVALID',
      `--redact ${name}: there is no such field; there are ${Object.keys(itemSlot).join(', ')}`,
    );
  }
  return slot;
}
