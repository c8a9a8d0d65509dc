import { type DisclosedField, ITEM_LAYOUT, valueOfField, withholdField } from '@custody/chain';
import { findingSlot, type ItemSlotName, itemSlot } from '@custody/evidence';
import {
  decodings,
  type ExhibitDocument,
  findResidue,
  NEEDLE_MIN,
  type Needle,
  needlesOf,
  TextSearch,
  withoutVocabulary,
} from '@custody/exhibit';
import { usage } from './errors.ts';
import type { Chosen } from './exhibit-context.ts';

/** A chosen leaf with its fields as far as they are shown. */
export interface RedactedLeaf {
  readonly one: Chosen;
  readonly fields: readonly DisclosedField[];
  /** Names of fields withheld because they repeat what is withheld elsewhere. */
  readonly withheld: readonly string[];
}

/** Words of the model: they repeat nothing. */
const ITEM_WORDS: ReadonlySet<string> = new Set(['type', 'authentication', 'raw']);
const FINDING_WORDS: ReadonlySet<string> = new Set(['code', 'class', 'records']);
/** Query flags whose values tell of withheld fields, and those that tell of withheld times. */
const CONTENT_FLAGS: ReadonlySet<string> = new Set(['value', 'prefix', 'text', 'party', 'min', 'max']);
const TIME_FLAGS: ReadonlySet<string> = new Set(['from', 'to']);
const TIME_FIELDS: ReadonlySet<string> = new Set(['sentAt', 'times']);
const STRUCTURE_FIELDS: ReadonlySet<string> = new Set([...TIME_FIELDS, 'raw', 'authentication', 'type', 'locator']);

/** Withholds fields, and whatever else of the same leaves repeats what they hold. */
export class Redaction {
  readonly names: readonly ItemSlotName[];
  readonly #needles: Needle[] = [];

  /** Throws UsageError ARGUMENT_INVALID for a field that items do not have. */
  constructor(names: readonly string[]) {
    this.names = [...new Set(names)].map(slotName).sort((a, b) => itemSlot[a] - itemSlot[b]);
  }

  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  /** Withheld texts that are too short to be searched for. */
  get unsearched(): number {
    return new Set(this.#needles.filter((one) => isShort(one)).map((one) => one.text)).size;
  }

  apply(leaves: readonly { readonly one: Chosen; readonly fields: readonly DisclosedField[] }[]): RedactedLeaf[] {
    if (this.isEmpty) return leaves.map((leaf) => ({ ...leaf, withheld: [] }));
    for (const { one, fields } of leaves) {
      if (one.role === 'finding') continue;
      for (const name of this.names)
        this.#needles.push(...needlesOf(one.index, name, fields[itemSlot[name] - 1] as DisclosedField));
    }
    const search = new TextSearch(this.#needles.filter((one) => !isShort(one)).map((one) => [one.text, one] as const));
    return leaves.map((leaf) => this.#withholdRepeats(this.#withholdNamed(leaf), search));
  }

  /** How the items were chosen, without the values that tell of what is withheld. */
  selection(lines: readonly string[]): string[] {
    const tellsContent = this.names.some((name) => !STRUCTURE_FIELDS.has(name));
    const tellsTime = this.names.some((name) => TIME_FIELDS.has(name));
    return lines.map((line) => {
      const flag = line.split(' ', 1)[0] ?? '';
      const isTold = (tellsContent && CONTENT_FLAGS.has(flag)) || (tellsTime && TIME_FLAGS.has(flag));
      return isTold ? `${flag} (withheld: it tells of a withheld field)` : line;
    });
  }

  /** Where a withheld value is left in the finished members; null where none is. */
  residue(document: ExhibitDocument, members: ReadonlyMap<string, Uint8Array>): string | null {
    const searched = this.#needles.filter((one) => !isShort(one));
    const [found] = findResidue(members, withoutVocabulary(document, searched));
    if (found === undefined) return null;
    const { needle, member, encoding } = found;
    return `the withheld ${needle.field} of item ${needle.index} is still found in ${member} (${encoding})`;
  }

  #withholdNamed({ one, fields }: { readonly one: Chosen; readonly fields: readonly DisclosedField[] }): RedactedLeaf {
    if (one.role === 'finding') return { one, fields, withheld: [] };
    const slots = new Set<number>(this.names.map((name) => itemSlot[name]));
    return {
      one,
      fields: fields.map((field, i) => (slots.has(i + 1) ? withholdField(i + 1, field) : field)),
      withheld: [],
    };
  }

  #withholdRepeats(leaf: RedactedLeaf, search: TextSearch<Needle>): RedactedLeaf {
    const isItem = leaf.one.role !== 'finding';
    const slots: Readonly<Record<string, number>> = isItem ? itemSlot : findingSlot;
    const words = isItem ? ITEM_WORDS : FINDING_WORDS;
    const withheld = [...leaf.withheld];
    const fields = [...leaf.fields];
    for (const [name, slot] of Object.entries(slots)) {
      const field = fields[slot - 1];
      if (field === undefined || words.has(name)) continue;
      const value = valueOfField(field, isItem && slot === ITEM_LAYOUT.mapField);
      if (value === null || value === undefined || !occurs(value, search)) continue;
      fields[slot - 1] = withholdField(slot, field);
      withheld.push(name);
    }
    return { one: leaf.one, fields, withheld };
  }
}

function occurs(value: Uint8Array, search: TextSearch<Needle>): boolean {
  for (const { text } of decodings(value)) if (search.find(text).size > 0) return true;
  return false;
}

function isShort({ text }: Needle): boolean {
  return [...text].length < NEEDLE_MIN;
}

function slotName(name: string): ItemSlotName {
  if (Object.hasOwn(itemSlot, name)) return name as ItemSlotName;
  throw usage(
    'ARGUMENT_INVALID',
    `--redact ${name}: there is no such field; there are ${Object.keys(itemSlot).join(', ')}`,
  );
}
