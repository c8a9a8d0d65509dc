import { concatBytes, utf8Encode } from '@custody/bytes';
import { type DisclosedField, ITEM_LAYOUT, valueOfField, withholdField, withholdPieces } from '@custody/chain';
import { findingSlot, type ItemSlotName, itemSlot } from '@custody/evidence';
import {
  bytesOf,
  type Content,
  type ExhibitDocument,
  type ExhibitMention,
  type ExhibitRedaction,
  findResidue,
  isSearched,
  type Needle,
  NeedleSearch,
  needlesOf,
  needlesOfValue,
  PAGE_NAME,
  PDF_NAME,
  VERIFIER_NAME,
  withoutVocabulary,
} from '@custody/exhibit';
import { DerivedValues } from './derived-values.ts';
import type { Chosen } from './exhibit-context.ts';
import { passageIn } from './passage-in.ts';
import type { RedactionRule } from './redaction-rules.ts';
import { SplitNames } from './split-names.ts';

/** A chosen leaf with its fields. */
export interface OpenLeaf {
  readonly one: Chosen;
  readonly fields: readonly DisclosedField[];
}

/** A chosen leaf with its fields as far as they are shown. */
export interface RedactedLeaf extends OpenLeaf {
  /** Names of fields withheld in whole or in part, besides those withheld from every item. */
  readonly withheld: readonly string[];
  /** Rules, from 0, by which something of it is withheld. */
  readonly because: readonly number[];
}

/** Words of the model: they repeat nothing. */
const ITEM_WORDS: ReadonlySet<string> = new Set(['type', 'authentication', 'raw']);
const FINDING_WORDS: ReadonlySet<string> = new Set(['code', 'class', 'records']);
/** Query flags whose values tell of withheld fields, and those that tell of withheld times. */
const CONTENT_FLAGS: ReadonlySet<string> = new Set(['value', 'prefix', 'text', 'party', 'min', 'max']);
const TIME_FLAGS: ReadonlySet<string> = new Set(['from', 'to']);
const TIME_FIELDS: ReadonlySet<string> = new Set(['sentAt', 'times']);
const STRUCTURE_FIELDS: ReadonlySet<string> = new Set([...TIME_FIELDS, 'raw', 'authentication', 'type', 'locator']);
/** Head of a CBOR map of one pair (RFC 8949, 3.1): what a piece of a map is read as. */
const ONE_PAIR: Uint8Array = Uint8Array.of(0xa1);
/** Whoever is named here is withheld in every spelling of the identifier. */
const IDENTIFIER_FIELDS: ReadonlySet<string> = new Set(['sender', 'recipients', 'owner', 'conversation']);
const GONE = '(withheld)';

/** Rules of names whose words stand apart. */
interface NamesApart {
  readonly text: ReadonlySet<number>;
  readonly others: ReadonlySet<number>;
}
const NOT_APART: NamesApart = { text: new Set(), others: new Set() };

/** Withholds what rules say, and whatever else of the same leaves repeats what they withhold. */
export class Redaction {
  readonly rules: readonly RedactionRule[];
  /** Fields that are withheld from every item. */
  readonly names: readonly ItemSlotName[];
  readonly #needles: Needle[] = [];
  readonly #touched: number[];
  readonly #derived = new DerivedValues();
  readonly #names = new SplitNames();
  readonly #regionOf: (derive: number) => string | null;
  #search = new NeedleSearch<Needle>([]);

  /** `regionOf`: the region by which the texts of a derivation are read. */
  constructor(rules: readonly RedactionRule[], regionOf: (derive: number) => string | null) {
    this.rules = rules;
    this.#regionOf = regionOf;
    this.#touched = rules.map(() => 0);
    const names = rules.flatMap((rule) => (rule.what === 'field' || rule.what === 'media' ? [rule.field] : []));
    this.names = [...new Set(names)].sort((a, b) => itemSlot[a] - itemSlot[b]);
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** Withheld texts that are too short to be searched for. */
  get unsearched(): number {
    return new Set(this.#needles.filter((one) => !isSearched(one)).map((one) => one.text)).size;
  }

  /** The rules with the number of items each touched, for the document. */
  get statement(): readonly ExhibitRedaction[] {
    return this.rules.map((rule, i) => ({
      what: rule.what,
      field: rule.what === 'span' ? 'body' : rule.what === 'value' ? null : rule.field,
      reason: rule.reason,
      authority: rule.authority,
      items: this.#touched[i] ?? 0,
    }));
  }

  /** Throws UsageError ARGUMENT_INVALID for a passage that an item does not have. */
  apply(leaves: readonly OpenLeaf[]): RedactedLeaf[] {
    if (this.isEmpty) return leaves.map((leaf) => ({ ...leaf, withheld: [], because: [] }));
    const passages = new Map(leaves.map((leaf) => [leaf.one.index, this.#gather(leaf)]));
    const searched = this.#needles.filter((one) => isSearched(one));
    this.#search = new NeedleSearch(searched);
    return leaves.map((leaf) => {
      const redacted = this.#withhold(leaf, passages.get(leaf.one.index) ?? []);
      for (const rule of redacted.because) this.#touched[rule] = (this.#touched[rule] ?? 0) + 1;
      return redacted;
    });
  }

  /** Whether raw records or an attachment say something that is withheld. */
  occursIn(bytes: Uint8Array): boolean {
    return this.#rulesIn(bytes).size > 0 || this.#names.rulesIn([bytes]).size > 0;
  }

  /** A statement of the producer without what is withheld. */
  clean(text: string): string {
    return this.#isTold(text) ? GONE : text;
  }

  /** Whether a mention's value, or another reading of it, is or holds what is withheld. */
  tells({ type, value, alternatives }: ExhibitMention): boolean {
    if (this.isEmpty) return false;
    return [{ type, value }, ...alternatives].some(
      (one) => this.#derived.rulesOf(one).length > 0 || this.occursIn(utf8Encode(one.value)),
    );
  }

  /** How the items were chosen, without the values that tell of what is withheld. */
  selection(lines: readonly string[]): string[] {
    const tellsContent = this.names.some((name) => !STRUCTURE_FIELDS.has(name));
    const tellsTime = this.names.some((name) => TIME_FIELDS.has(name));
    return lines.map((line) => {
      const flag = line.split(' ', 1)[0] ?? '';
      const isTold = (tellsContent && CONTENT_FLAGS.has(flag)) || (tellsTime && TIME_FLAGS.has(flag));
      return isTold ? `${flag} (withheld: it tells of a withheld field)` : this.clean(line);
    });
  }

  /** Where a withheld value is left in the finished members; null where none is. */
  residue(document: ExhibitDocument, members: ReadonlyMap<string, Content>): string | null {
    const searched = this.#needles.filter((one) => isSearched(one));
    const { exhibitRef, producer, annotations } = document;
    const said = [exhibitRef, producer, document.case.title, ...annotations.flatMap(({ text, by }) => [text, by])];
    if (said.some((text) => text !== null && this.#isTold(text)))
      return 'a withheld value is still found in the words of the producer or the case (perhaps in another spelling)';
    if (searched.length === 0) return null;
    // Page and PDF are functions of the document, which is searched; verify.py is the same for all.
    const telling = new Map(
      [...members]
        .filter(([name]) => ![PAGE_NAME, PDF_NAME, VERIFIER_NAME].some((one) => name.endsWith(one)))
        .map(([name, content]) => [name, bytesOf(content)] as const),
    );
    return residueText(telling, withoutVocabulary(document, searched), document);
  }

  /** The same for members that hold nothing but values of items. */
  residueIn(members: ReadonlyMap<string, Uint8Array>): string | null {
    return residueText(
      members,
      this.#needles.filter((one) => isSearched(one)),
    );
  }

  /** Notes what the rules withhold of a leaf; returns the stretches of its body that are. */
  #gather({ one, fields }: OpenLeaf): { rule: number; from: number; to: number }[] {
    const passages: { rule: number; from: number; to: number }[] = [];
    const region = this.#regionOf(one.segment.derive);
    this.rules.forEach((rule, i) => {
      if (rule.what === 'value') {
        this.#derived.add(rule.value, i, region);
        this.#names.add(rule.value, i);
        if (this.#needles.every((needle) => needle.rule !== i)) this.#needles.push(...needlesOfValue(rule.value, i));
      } else if (one.role === 'finding' || (rule.what === 'item' && rule.item !== one.index)) {
        return;
      } else if (rule.what === 'span') {
        if (rule.item !== one.index) return;
        const { from, to, text } = passageIn(one.index, fields[itemSlot.body - 1], rule.passage);
        passages.push({ rule: i, from, to });
        // A person named it.
        this.#needles.push({ text, field: 'value', index: one.index, rule: i });
        this.#derived.add(text, i, region);
      } else if (rule.what !== 'media') {
        // An attachment that is merely left out is no secret elsewhere.
        const disclosed = fields[itemSlot[rule.field] - 1] as DisclosedField;
        const needles = needlesOf(one.index, rule.field, { disclosed, rule: i });
        this.#needles.push(...needles);
        if (IDENTIFIER_FIELDS.has(rule.field)) for (const { text } of needles) this.#derived.add(text, i, region);
      }
    });
    return passages;
  }

  #withhold(leaf: OpenLeaf, passages: readonly { rule: number; from: number; to: number }[]): RedactedLeaf {
    const isItem = leaf.one.role !== 'finding';
    const region = this.#regionOf(leaf.one.segment.derive);
    const because = new Set<number>();
    const apart = isItem ? this.#namesApart(leaf.fields) : NOT_APART;
    const fields = [...leaf.fields];
    const withheld: string[] = [];
    for (const [name, slot] of Object.entries(isItem ? itemSlot : findingSlot)) {
      const field = leaf.fields[slot - 1];
      if (field === undefined) continue;
      const named = isItem ? this.#rulesNaming(name, leaf.one.index) : [];
      const own = name === 'body' && isItem ? [...passages] : [];
      const shown =
        named.length > 0
          ? withholdField(slot, field)
          : this.#withholdRepeats(field, { name, slot, isItem, own, because, region, apart });
      for (const rule of named) because.add(rule);
      if (shown === field) continue;
      fields[slot - 1] = shown;
      if (!isItem || !this.names.includes(name as ItemSlotName)) withheld.push(name);
    }
    // Raw records come as their digest: they are withheld with anything else, and that alone needs no rule.
    return {
      one: leaf.one,
      fields,
      withheld: withheld.filter((name) => name !== 'raw'),
      because: [...because].sort((a, b) => a - b),
    };
  }

  /** Names whose words stand apart in the text of an item, and in its other fields together. */
  #namesApart(fields: readonly DisclosedField[]): NamesApart {
    const values = (wanted: (slot: number) => boolean) =>
      fields.flatMap((field, i) => (wanted(i + 1) ? (valueOfField(field, i + 1 === ITEM_LAYOUT.mapField) ?? []) : []));
    return {
      text: this.#names.rulesIn(values((slot) => slot === itemSlot.body)),
      others: this.#names.rulesIn(values((slot) => slot !== itemSlot.body && slot !== itemSlot.raw)),
    };
  }

  #rulesNaming(name: string, index: number): number[] {
    return this.rules.flatMap((rule, i) => {
      if (rule.what === 'field' || rule.what === 'media') return rule.field === name ? [i] : [];
      return rule.what === 'item' && rule.item === index && rule.field === name ? [i] : [];
    });
  }

  /** The field without what is withheld elsewhere: pieces of it where it is in pieces, else the whole. */
  #withholdRepeats(
    field: DisclosedField,
    about: {
      readonly name: string;
      readonly slot: number;
      readonly isItem: boolean;
      readonly own: { rule: number; from: number; to: number }[];
      readonly because: Set<number>;
      readonly region: string | null;
      readonly apart: NamesApart;
    },
  ): DisclosedField {
    const { name, slot, isItem, own, because, region } = about;
    if ((isItem ? ITEM_WORDS : FINDING_WORDS).has(name)) return field;
    const isMap = isItem && slot === ITEM_LAYOUT.mapField;
    const value = valueOfField(field, isMap);
    if (value === null || value === undefined) return field;
    const isText = isItem && name === 'body';
    const apart = isText ? about.apart.text : about.apart.others;
    if (isText) own.push(...this.#derived.placesIn(value, region), ...this.#names.placesIn(value, apart));
    for (const { rule } of own) because.add(rule);
    const all = isText ? this.#rulesIn(value) : this.#rulesOfValue(value, region);
    for (const rule of this.#names.rulesOfWords(value, apart)) all.add(rule);
    for (const rule of all) because.add(rule);
    if (all.size + own.length === 0) return field;
    if (!('pieces' in field)) return withholdField(slot, field);
    const pieces = field.pieces.flatMap((piece, i) => {
      if (!('value' in piece)) return [];
      const start = isMap ? 0 : startOf(field, i);
      const touched = isMap
        ? this.#rulesOfValue(concatBytes([ONE_PAIR, piece.value]), region).size > 0 ||
          this.#names.rulesOfWords(piece.value, apart).size > 0
        : this.#overlaps(value, own, [start, start + piece.value.length]);
      return touched ? [i] : [];
    });
    const left = withholdPieces(slot, field, pieces);
    // Whatever is written another way than plainly cannot be cut out of a text.
    const rest = Buffer.concat(left.pieces.map((piece) => ('value' in piece ? piece.value : new Uint8Array(1))));
    const isLeft = this.#rulesIn(rest).size > 0 || this.#names.rulesOfWords(rest, apart).size > 0;
    return isLeft || pieces.length === field.pieces.length ? withholdField(slot, field) : left;
  }

  #overlaps(
    value: Uint8Array,
    own: readonly { from: number; to: number }[],
    [from, to]: readonly [number, number],
  ): boolean {
    if (own.some((one) => one.from < to && one.to > from)) return true;
    for (const place of this.#search.places(value)) if (place.from < to && place.to > from) return true;
    return false;
  }

  #isTold(text: string): boolean {
    if (this.isEmpty) return false;
    const bytes = utf8Encode(text);
    return this.occursIn(bytes) || this.#derived.placesIn(bytes, null).length > 0;
  }

  /** Of a field that is no text but a value. */
  #rulesOfValue(value: Uint8Array, region: string | null): Set<number> {
    return new Set([...this.#rulesIn(value), ...this.#derived.rulesIn(value, region)]);
  }

  #rulesIn(value: Uint8Array): Set<number> {
    const rules = new Set<number>();
    if (this.#search.isEmpty) return rules;
    for (const needle of this.#search.find(value).keys()) rules.add(needle.rule);
    return rules;
  }
}

function residueText(
  members: ReadonlyMap<string, Uint8Array>,
  needles: readonly Needle[],
  document: ExhibitDocument | null = null,
): string | null {
  const [found] = findResidue(members, needles, document);
  if (found === undefined) return null;
  const { needle, member, encoding } = found;
  const what = needle.index === null ? 'a withheld value' : `the withheld ${needle.field} of item ${needle.index}`;
  return `${what} is still found in ${member} (${encoding})`;
}

function startOf(field: { readonly pieces: readonly object[] }, piece: number): number {
  let start = 0;
  for (const one of field.pieces.slice(0, piece)) if ('value' in one) start += (one.value as Uint8Array).length;
  return start;
}
