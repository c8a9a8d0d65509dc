import { base64Encode, hexEncode, sha256Hex, utf8Encode } from '@custody/bytes';
import {
  type DisclosedField,
  digestOfField,
  encodeVerifierKey,
  headerLink,
  inclusionProofIn,
  treeLevels,
  type VerifierKey,
} from '@custody/chain';
import { itemSlot } from '@custody/evidence';
import {
  CHECKPOINT_NAME,
  type Content,
  DOCUMENT_NAME,
  documentPieces,
  type ExhibitAnchor,
  type ExhibitAnnotation,
  type ExhibitConversation,
  type ExhibitDerivation,
  type ExhibitDocument,
  type ExhibitItemMentions,
  type ExhibitLanguage,
  type ExhibitLeaf,
  type ExhibitMedia,
  fieldJson,
  OWN_FRAME,
  PAGE_NAME,
  PDF_NAME,
  pagePieces,
  rawName,
  VERIFIER_NAME,
  verifierProgram,
} from '@custody/exhibit';
import type { LoggedCommit, OpenedSegment } from '@custody/segment';
import { checkUse } from './check-use.ts';
import { usage } from './errors.ts';
import { newestEvidence } from './evidence-size.ts';
import { exhibitAnchors } from './exhibit-anchors.ts';
import { completenessOf } from './exhibit-completeness.ts';
import type { Chosen, Surroundings } from './exhibit-context.ts';
import { conversationsOf } from './exhibit-conversations.ts';
import type { ExhibitLog } from './exhibit-entries.ts';
import { refuseGone } from './exhibit-gone.ts';
import { attachmentFiles } from './exhibit-media.ts';
import { mentionsOfLeaf, RegionExtractors } from './exhibit-mentions.ts';
import { ExhibitNotes } from './exhibit-notes.ts';
import type { OpenLeaf, RedactedLeaf, Redaction } from './exhibit-redaction.ts';
import type { ExhibitSources } from './exhibit-sources.ts';
import type { Case } from './open-case.ts';
import { refuse } from './refuse.ts';
import { derivationOf, SegmentCache } from './selection.ts';
import { toolBuild } from './tool-build.ts';

export interface AssemblyOptions {
  /** LeafIndex of the chosen items. */
  readonly items: readonly number[];
  /** Items before and after each one in its conversation. */
  readonly context: number;
  /** Log size that the exhibit shows; default: the newest with a change of the evidence. */
  readonly at?: number;
  readonly exhibitRef?: string;
  readonly producer?: string;
  /** The selection in words. */
  readonly selection: readonly string[];
  /** Attachments: not at all, by hash (the default), or as files too. */
  readonly media?: ExhibitMedia;
  readonly lang?: ExhibitLanguage;
  /** IANA zone for local times. */
  readonly timeZone?: string;
  /** Translations and notes beside items; those of items that are not shown are left out. */
  readonly annotations?: readonly ExhibitAnnotation[];
  /** Whether a PDF comes along. */
  readonly pdf?: boolean;
  /** Where there is no PDF because there are more items than this: the exhibit says so. */
  readonly pdfLimit?: number;
}

/** Segments kept open while items are gathered, which is done in log order. */
const OPEN_SEGMENTS = 16;

/** What ties a leaf to its segment. */
interface LeafPlace {
  readonly previous: string;
  readonly path: readonly string[];
  readonly rawSalt: string | null;
}

/** Gathers what an exhibit shows. */
export class Assembly {
  readonly #case: Case;
  readonly #options: AssemblyOptions;
  readonly #redaction: Redaction;
  readonly #sources: ExhibitSources;
  readonly #cache: SegmentCache;
  readonly #payload = new Map<string, Content>();
  readonly #notes: ExhibitNotes;
  readonly #places = new Map<number, LeafPlace>();
  readonly #disclosed = new Map<number, readonly DisclosedField[]>();
  #tree: { readonly segment: OpenedSegment; readonly levels: readonly Uint8Array[] } | null = null;

  constructor(
    opened: Case,
    options: AssemblyOptions,
    { redaction, sources }: { readonly redaction: Redaction; readonly sources: ExhibitSources },
  ) {
    this.#case = opened;
    this.#options = options;
    this.#notes = new ExhibitNotes(options.lang ?? 'en');
    if (options.pdfLimit !== undefined) this.#notes.add('noPdf', { n: options.pdfLimit });
    this.#sources = sources;
    this.#redaction = redaction;
    this.#cache = new SegmentCache(opened, OPEN_SEGMENTS);
  }

  async assemble(): Promise<{ document: ExhibitDocument; payload: ReadonlyMap<string, Content> }> {
    const commit = this.#commit();
    const log = this.#sources.log(commit.size + commit.entries.length);
    const selected = await this.#select(log.size);
    const { context } = this.#options;
    const around = await this.#sources.surroundings(selected, { size: log.size, context });
    if (around.moreFindings > 0) this.#notes.add('moreFindings', { n: around.moreFindings });
    const items = [...selected, ...around.context];
    const redacted = this.#redaction.apply(await this.#disclose([...items, ...around.findings]));
    const raw = await this.#raw(items, redacted);
    this.#noteRedactions(redacted);
    const leaves = redacted.map((leaf) => this.#leaf(leaf, raw.get(leaf.one.index)));
    const document = await this.#withPdf(await this.#document(commit, log, { around, redacted, leaves }));
    const pieces = [...documentPieces(document)];
    this.#payload.set(DOCUMENT_NAME, () => pieces);
    this.#payload.set(CHECKPOINT_NAME, utf8Encode(commit.checkpoint));
    this.#payload.set(PAGE_NAME, () => pagePieces(pieces, OWN_FRAME));
    this.#payload.set(VERIFIER_NAME, verifierProgram());
    return { document, payload: this.#payload };
  }

  async #withPdf(document: ExhibitDocument): Promise<ExhibitDocument> {
    if (this.#options.pdf !== true) return document;
    // Fonts and their shaping are loaded by nobody who prints nothing.
    const { renderPdf } = await import('@custody/exhibit/pdf');
    const pdf = await renderPdf(document);
    this.#payload.set(PDF_NAME, pdf);
    return { ...document, pdf: sha256Hex(pdf) };
  }

  async #document(
    commit: LoggedCommit,
    log: ExhibitLog,
    parts: {
      readonly around: Surroundings;
      readonly redacted: readonly RedactedLeaf[];
      readonly leaves: readonly ExhibitLeaf[];
    },
  ): Promise<ExhibitDocument> {
    const { around, redacted, leaves } = parts;
    const segments = new Map(redacted.map(({ one }) => [one.segment.entry, one.segment]));
    const title = (await log.show(0, ['subject'])).subject;
    await log.show(log.size - 1, []);
    const conversations = conversationsOf(this.#case, redacted, around);
    const derivations: ExhibitDerivation[] = [];
    for (const entry of new Set([...segments.values()].map((one) => one.derive)))
      derivations.push(await this.#derivation(entry, log, { around, conversations }));
    derivations.sort((a, b) => a.entry - b.entry);
    const shown = new Set(leaves.map((leaf) => leaf.index));
    const logKey = this.#case.ledger.keys.ofCheckpoint(commit.checkpoint);
    const anchors = await this.#anchors(log, logKey, Math.max(...segments.keys()));
    return {
      custodyExhibit: 1,
      exhibitRef: this.#options.exhibitRef ?? null,
      producer: this.#options.producer ?? null,
      asOf: new Date(this.#case.ledger.entries[log.size - 1]?.time ?? 0).toISOString(),
      case: { origin: this.#case.ledger.origin, title: title instanceof Map ? String(title.get('title') ?? '') : '' },
      verifierKey: encodeVerifierKey(logKey),
      checkpoint: commit.checkpoint,
      size: log.size,
      tool: toolBuild(),
      selection: this.#redaction.selection(this.#options.selection),
      redacted: this.#redaction.names,
      redactions: this.#redaction.statement,
      media: this.#options.media ?? 'hash',
      lang: this.#options.lang ?? 'en',
      timeZone: this.#options.timeZone ?? null,
      annotations: (this.#options.annotations ?? []).filter((one) => shown.has(one.index)),
      pdf: null,
      completeness: completenessOf(
        { opened: this.#case, redaction: this.#redaction, size: log.size, notes: this.#notes },
        { around, leaves, redacted, derivations },
      ),
      derivations,
      conversations,
      anchors,
      entries: log.shown,
      segments: [...segments.values()]
        .sort((a, b) => a.entry - b.entry)
        .map((segment) => ({ ...log.prove(segment.entry), derivation: segment.derive })),
      leaves,
      mentions: this.#mentions(redacted, leaves),
    };
  }

  /** What the extractor finds in the shown texts; a mention whose value or reading tells of what is withheld is left out. */
  #mentions(redacted: readonly RedactedLeaf[], leaves: readonly ExhibitLeaf[]): ExhibitItemMentions[] {
    const extractors = new RegionExtractors();
    return leaves.flatMap((leaf, i) => {
      const { region } = derivationOf(this.#case, (redacted[i] as RedactedLeaf).one.segment);
      const all = mentionsOfLeaf(leaf, region, extractors);
      const found = all?.found.filter((one) => !this.#redaction.tells(one)) ?? [];
      return all === null || found.length === 0 ? [] : [{ ...all, found }];
    });
  }

  /** What others stated of the log; its files go into the payload. */
  async #anchors(log: ExhibitLog, logKey: VerifierKey, newest: number): Promise<readonly ExhibitAnchor[]> {
    const { anchors, files } = await exhibitAnchors(this.#case, {
      ...{ log, newest, notes: this.#notes },
      sound: await this.#sources.anchors(log.size, logKey),
    });
    for (const [name, bytes] of files) this.#payload.set(name, bytes);
    return anchors;
  }

  /** The commit whose checkpoint the exhibit carries. */
  #commit(): LoggedCommit {
    const { commits } = this.#case.ledger;
    const { at } = this.#options;
    const found =
      at === undefined
        ? newestEvidence(this.#case)
        : commits.find((commit) => commit.size + commit.entries.length === at);
    if (found === undefined)
      throw usage('ARGUMENT_INVALID', `--at ${at}: no signed checkpoint has that size ("custody log" shows them)`);
    return found;
  }

  async #select(size: number): Promise<Chosen[]> {
    const selected: Chosen[] = [];
    for (const index of [...new Set(this.#options.items)].sort((a, b) => a - b)) {
      await refuseGone(this.#case, index, size);
      const found = await this.#cache.leaf(index);
      if (found === null)
        return refuse(this.#case, 'exhibit', `item ${index} lies in a compartment that you do not hold`);
      const { leaf, segment } = found;
      if (leaf.kind !== 'item') throw usage('ITEM_UNKNOWN', `${index} is a finding: findings come along by themselves`);
      if (leaf.disposition !== 'in-scope' || leaf.compartment !== 'evidence') {
        const why = `item ${index} is ${leaf.disposition}: only what is in scope is disclosed`;
        return refuse(this.#case, 'exhibit', why);
      }
      if (segment.segment.entry >= size)
        throw usage('ITEM_UNKNOWN', `item ${index} came after size ${size} of the log`);
      const { conversation } = leaf.item;
      const one: Chosen = { index, role: 'selected', segment: segment.segment, position: leaf.position, conversation };
      selected.push(one);
      // While its segment is open: an exhibit may choose from hundreds, and opening one costs as much as an item does not.
      this.#disclosed.set(index, this.#discloseLeaf(one, segment));
    }
    if (selected.length === 0)
      throw usage('NOTHING_SELECTED', 'nothing was selected: name items or a query that finds some');
    for (const { index, segment } of selected)
      await checkUse(this.#case, 'exhibit', { authority: derivationOf(this.#case, segment).authority, index });
    return selected;
  }

  /** Raw records of items that nothing is withheld of; they carry whatever is. */
  async #raw(
    items: readonly Chosen[],
    redacted: readonly RedactedLeaf[],
  ): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const out = new Map<number, readonly Uint8Array[]>();
    const closed = new Set(redacted.filter(({ because }) => because.length > 0).map(({ one }) => one.index));
    const wanted = items.filter(({ index }) => !closed.has(index));
    this.#notes.add('rawCarries', { n: items.length - wanted.length });
    if (wanted.length === 0) return out;
    if (this.#case.held.source === undefined) {
      this.#notes.add('rawNotHeld');
      return out;
    }
    for (const [index, records] of await this.#sources.records(wanted)) out.set(index, records);
    this.#notes.add('rawUnread', { n: wanted.length - out.size });
    const telling = [...out].filter(([, records]) => records.some((record) => this.#redaction.occursIn(record)));
    for (const [index] of telling) out.delete(index);
    this.#notes.add('rawRepeats', { n: telling.length });
    return out;
  }

  /** Fields and places of leaves, each segment opened once. */
  async #disclose(chosen: readonly Chosen[]): Promise<OpenLeaf[]> {
    const out: OpenLeaf[] = [];
    for (const one of [...chosen].sort((a, b) => a.index - b.index)) {
      const fields = this.#disclosed.get(one.index) ?? this.#discloseLeaf(one, await this.#cache.open(one.segment));
      this.#disclosed.delete(one.index);
      out.push({ one, fields });
    }
    return out;
  }

  #discloseLeaf(one: Chosen, segment: OpenedSegment): readonly DisclosedField[] {
    const isOurs = segment.find(one.position)?.part.compartment === 'evidence';
    const fields = isOurs ? segment.disclose(one.position) : null;
    if (fields === null) throw usage('ITEM_UNKNOWN', `item ${one.index} lies in a compartment that is not disclosed`);
    const salt = segment.saltOf(one.position, itemSlot.raw);
    this.#places.set(one.index, {
      previous: hexEncode(previousLink(segment, one.position)),
      path: this.#path(segment, one.position),
      rawSalt: one.role === 'finding' || salt === null ? null : hexEncode(salt),
    });
    return fields;
  }

  #leaf({ one, fields, withheld, because }: RedactedLeaf, raw: readonly Uint8Array[] = []): ExhibitLeaf {
    const { previous, path, rawSalt } = this.#places.get(one.index) as LeafPlace;
    const json = fields.map(fieldJson);
    const names = raw.map((bytes, i) => {
      this.#payload.set(rawName(one.index, i), bytes);
      return rawName(one.index, i);
    });
    const rawField = fields[itemSlot.raw - 1];
    if (names.length > 0 && rawSalt !== null && rawField !== undefined) {
      const digest = hexEncode(digestOfField(itemSlot.raw, rawField));
      json[itemSlot.raw - 1] = { salt: rawSalt, raw: true, digest };
    }
    const media = this.#options.media === 'full' ? attachmentFiles(fields, raw, this.#payload) : [];
    return {
      ...{ index: one.index, role: one.role, segment: one.segment.entry, position: one.position },
      kind: one.role === 'finding' ? 2 : 1,
      ...{ previous, path, fields: json, withheld, because, raw: names, media },
    };
  }

  /** Leaves come in log order: the tree of one segment at a time is enough. */
  #path(segment: OpenedSegment, position: number): string[] {
    if (this.#tree?.segment !== segment) this.#tree = { segment, levels: treeLevels(segment.links) };
    return inclusionProofIn(this.#tree.levels, position).map(base64Encode);
  }

  async #derivation(
    entry: number,
    log: ExhibitLog,
    found: { readonly around: Surroundings; readonly conversations: readonly ExhibitConversation[] },
  ): Promise<ExhibitDerivation> {
    const values = await log.show(entry, ['authority', 'subject']);
    const subject = values.subject instanceof Map ? values.subject : new Map();
    const capture = String(subject.get('capture') ?? '');
    const totals = await log.showTotals(entry);
    const placed = new Set(
      found.conversations.filter((one) => one.derivation === entry).flatMap((one) => one.findings),
    );
    const own = found.around.findings.filter((one) => one.segment.derive === entry && !placed.has(one.index));
    return {
      ...{ entry, capture, captureName: this.#redaction.clean(this.#case.state.captures.get(capture)?.name ?? '') },
      format: String(subject.get('format') ?? ''),
      decoder: String(subject.get('decoder') ?? ''),
      authority: String(values.authority ?? ''),
      ...(totals ?? { complete: null, totals: null }),
      findings: own.map((one) => one.index),
    };
  }

  #noteRedactions(leaves: readonly RedactedLeaf[]): void {
    if (this.#redaction.isEmpty) return;
    const repeated = leaves.filter((leaf) => leaf.withheld.length > 0).length;
    this.#notes.add('fieldsRepeat', { n: repeated });
    this.#notes.add('unsearched', { n: this.#redaction.unsearched });
  }
}

function previousLink(segment: OpenedSegment, position: number): Uint8Array {
  if (position === 0) return headerLink(segment.leaves.header);
  return segment.links.subarray((position - 1) * 32, position * 32);
}
