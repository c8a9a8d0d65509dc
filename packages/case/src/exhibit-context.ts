import { rowBytes } from '@custody/bytes';
import { decodeLocator, dispositions, type Finding, itemSlot, type Locator, readFinding } from '@custody/evidence';
import { conversationKey, type ExhibitLimit } from '@custody/exhibit';
import { type LoggedSegment, type OpenedPart, openSegment } from '@custody/segment';
import { FieldCount } from './field-count.ts';
import type { Case } from './open-case.ts';

/** A leaf that goes into an exhibit. */
export interface Chosen {
  readonly index: number;
  readonly role: 'selected' | 'context' | 'finding';
  readonly segment: LoggedSegment;
  readonly position: number;
  /** As the item names it; null for findings and where it names none. */
  readonly conversation: string | null;
}

/** What stands around chosen items in their derivations, as far as the log goes at `size`. */
export interface Surroundings {
  readonly context: readonly Chosen[];
  /** Items in scope by conversation (`conversationKey`), at least for the conversations of chosen items. */
  readonly held: ReadonlyMap<string, number>;
  /** Findings of class lost or doubt, the first 500. */
  readonly findings: readonly Chosen[];
  readonly moreFindings: number;
  /** By finding: the conversations of whose items it names the place. */
  readonly touched: ReadonlyMap<number, ReadonlySet<string>>;
  readonly limits: readonly ExhibitLimit[];
  /** By derivation and field name: items in scope that have the field. */
  readonly received: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** By derivation, where its decoder says so: stretches that nobody examined, and their bytes if all are known. */
  readonly notExamined: ReadonlyMap<number, { readonly findings: number; readonly bytes: number | null }>;
}

/** More findings, or different limits, than this are counted and not listed. */
const MOST_FINDINGS = 500;
const MOST_LIMITS = 200;

/**
 * Reads every segment of the derivations concerned once, and again only where a finding names a place. For derivations
 * without chosen items, every conversation is counted.
 */
export async function surroundingsOf(
  opened: Case,
  about: readonly Chosen[] | { readonly derivations: readonly number[] },
  terms: { readonly size: number; readonly context: number },
): Promise<Surroundings> {
  const chosen = 'derivations' in about ? null : about;
  const survey = new Survey(chosen, terms.context);
  const derivations = new Set('derivations' in about ? about.derivations : about.map((one) => one.segment.derive));
  const segments = opened.ledger.segments.filter((one) => derivations.has(one.derive) && one.entry < terms.size);
  for (const segment of segments) for (const part of await evidenceOf(opened, segment)) survey.read(segment, part);
  if (survey.hasPlaces) {
    for (const segment of segments) for (const part of await evidenceOf(opened, segment)) survey.match(segment, part);
  }
  return survey.result();
}

/** Only what lies with the evidence: nothing withheld or privileged is opened for an exhibit, whoever makes it. */
async function evidenceOf(opened: Case, segment: LoggedSegment): Promise<readonly OpenedPart[]> {
  const { evidence } = opened.contentIdentities;
  const identities = evidence === undefined ? {} : { evidence };
  return (await openSegment(opened.vault, opened.ledger, segment, identities)).parts;
}

const lossy = new TextDecoder();
const IN_SCOPE = dispositions.indexOf('in-scope');

class Survey {
  readonly #wanted: ReadonlySet<number>;
  /** Every conversation counts, not only those of chosen items. */
  readonly #every: boolean;
  readonly #count: number;
  readonly #held = new Map<string, number>();
  readonly #before = new Map<string, Chosen[]>();
  readonly #owed = new Map<string, number>();
  readonly #context = new Map<number, Chosen>();
  readonly #findings: Chosen[] = [];
  readonly #places = new Map<string, number[]>();
  readonly #touched = new Map<number, Set<string>>();
  readonly #limits = new Map<string, ExhibitLimit>();
  readonly #received = new FieldCount();
  readonly #notExamined = new Map<number, { findings: number; bytes: number | null }>();
  #more = 0;

  constructor(chosen: readonly Chosen[] | null, count: number) {
    this.#wanted = new Set(chosen?.map((one) => one.index));
    this.#every = chosen === null;
    this.#count = count;
    for (const one of chosen ?? []) this.#held.set(conversationKey(one.segment.derive, one.conversation), 0);
  }

  get hasPlaces(): boolean {
    return this.#places.size > 0;
  }

  read(segment: LoggedSegment, part: OpenedPart): void {
    this.#received.add(segment.derive, part.content);
    for (const { here, key } of this.#items(segment, part)) {
      this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
      if (this.#count > 0) this.#surround(here, key);
    }
    const { findings, findingPositions } = part.content;
    for (let row = 0; row < findingPositions.length; row++) {
      const position = findingPositions[row] as number;
      const here = { index: segment.first + position, role: 'finding' as const, segment, position, conversation: null };
      this.#finding(here, readFinding(findings, row));
    }
  }

  /** Items of the conversations concerned that stand where a finding points. */
  match(segment: LoggedSegment, part: OpenedPart): void {
    for (const { key, row } of this.#items(segment, part)) {
      const bytes = rowBytes(part.content.items[itemSlot.locator - 1] as never, row);
      if (bytes === null) continue;
      const { locator, sources } = decodeLocator(bytes);
      for (const place of [locator, ...sources]) {
        for (const finding of this.#places.get(placeKey(segment.derive, place)) ?? []) {
          const known = this.#touched.get(finding) ?? new Set();
          this.#touched.set(finding, known.add(key));
        }
      }
    }
  }

  result(): Surroundings {
    const context = [...this.#context.values()].filter((one) => !this.#wanted.has(one.index));
    return {
      ...{ context, held: this.#held, findings: this.#findings, moreFindings: this.#more },
      touched: this.#touched,
      limits: [...this.#limits.values()],
      received: this.#received.byDerivation,
      notExamined: this.#notExamined,
    };
  }

  /** Items in scope of conversations that something was chosen from, in order. */
  *#items(segment: LoggedSegment, part: OpenedPart): Generator<{ here: Chosen; key: string; row: number }> {
    const { items, itemPositions, codes } = part.content;
    const names = items[itemSlot.conversation - 1];
    if (names === undefined) return;
    for (let row = 0; row < itemPositions.length; row++) {
      if (codes[row] !== IN_SCOPE) continue;
      const bytes = rowBytes(names, row);
      const conversation = bytes === null ? null : lossy.decode(bytes);
      const key = conversationKey(segment.derive, conversation);
      if (!this.#every && !this.#held.has(key)) continue;
      const position = itemPositions[row] as number;
      yield {
        here: { index: segment.first + position, role: 'context', segment, position, conversation },
        ...{ key, row },
      };
    }
  }

  #surround(here: Chosen, key: string): void {
    const before = this.#before.get(key) ?? [];
    if (this.#wanted.has(here.index)) {
      for (const one of before) this.#context.set(one.index, one);
      this.#owed.set(key, this.#count);
    } else if ((this.#owed.get(key) ?? 0) > 0) {
      this.#context.set(here.index, here);
      this.#owed.set(key, (this.#owed.get(key) ?? 0) - 1);
    }
    before.push(here);
    if (before.length > this.#count) before.shift();
    this.#before.set(key, before);
  }

  #finding(here: Chosen, finding: Finding): void {
    if (finding.class === 'note') {
      if (finding.code === 'BYTES_NOT_EXAMINED') this.#unread(here.segment.derive, finding.locator?.length ?? null);
      this.#limit(here.segment.derive, finding);
      return;
    }
    if (this.#findings.length >= MOST_FINDINGS) {
      this.#more++;
      return;
    }
    this.#findings.push(here);
    for (const place of finding.locator === null ? finding.related : [finding.locator, ...finding.related]) {
      if (place.offset === null) continue;
      const key = placeKey(here.segment.derive, place);
      this.#places.set(key, [...(this.#places.get(key) ?? []), here.index]);
    }
  }

  #unread(derivation: number, bytes: number | null): void {
    const known = this.#notExamined.get(derivation) ?? { findings: 0, bytes: 0 };
    const sum = known.bytes === null || bytes === null ? null : known.bytes + bytes;
    this.#notExamined.set(derivation, { findings: known.findings + 1, bytes: sum });
  }

  #limit(derivation: number, { code, detail, records }: Finding): void {
    const key = `${derivation} ${code} ${detail}`;
    const known = this.#limits.get(key);
    if (known === undefined && this.#limits.size >= MOST_LIMITS) {
      this.#more++;
      return;
    }
    const sum =
      known === undefined ? records : known.records === null || records === null ? null : known.records + records;
    this.#limits.set(key, { derivation, code, detail, findings: (known?.findings ?? 0) + 1, records: sum });
  }
}

/** Rows are counted table by table; the offset in the innermost layer is one place. */
function placeKey(derivation: number, { path, offset }: Locator): string {
  return `${derivation} ${offset} ${path}`;
}
