import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { RegionExtractors } from '../exhibit-mentions.ts';

/** A value that a text states, by its canonical keys; places count bytes of its UTF-8. */
interface Stated {
  readonly keys: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Digits as persons dress them: `+31 6 1234 5678`, `(06) 1234.5678`, `35-209900-176148-1`. */
const DRESSED = /\+?\(?\d[\d ()./\u00a0\u2010-\u2015-]{5,40}\d/g;
/** A day, with or without its time, identifies nobody. */
const DAY = /^(?:19|20)\d\d[./-]\d\d[./-]\d\d|^\d\d?[./-]\d\d?[./-](?:19|20)?\d\d(?:\D|$)/;
/** Last digits by which numbers meet that one text has with its country and another without. */
const TAIL = 9;
const PHONE_TAIL = 8;
/** Digits of an amount: smaller ones are said everywhere. */
const AMOUNT_DIGITS = 4;

/**
 * Values that events and destroyed content have in common, in whatever form each has them: by the extractor's canonical
 * forms, and numbers by their last digits. Content is handed in once (`take`), then what stays (`keep`): a value that a
 * surviving leaf states, too, is not the destroyed one's alone.
 */
export class StatedValues {
  readonly #extractors = new RegionExtractors();
  readonly #regions: readonly (string | null)[];
  readonly #typed = new Set<string>();
  readonly #found = new Set<string>();
  readonly #kept = new Set<string>();
  readonly #ofText = new Map<string, readonly Stated[]>();

  /** `regions`: those the case's derivations are read by; what somebody typed may be meant in any of them. */
  constructor(texts: Iterable<string>, regions: Iterable<string | null>) {
    this.#regions = [...new Set([null, ...regions])];
    for (const text of texts) for (const { keys } of this.#statedIn(text)) for (const key of keys) this.#typed.add(key);
  }

  /** True while nothing that stays could be of interest. */
  get isSettled(): boolean {
    return this.#kept.size === this.#found.size;
  }

  /** A value that is destroyed, in UTF-8, read by the region of its derivation. */
  take(content: Uint8Array, region: string | null): void {
    this.#meet(content, region, (key) => this.#typed.has(key) && this.#found.add(key));
  }

  /** Content that stays, in UTF-8. */
  keep(content: Uint8Array, region: string | null): void {
    this.#meet(content, region, (key) => this.#found.has(key) && this.#kept.add(key));
  }

  /** Where a typed text states what goes, and nothing that stays states. */
  placesIn(text: string): readonly { readonly from: number; readonly to: number }[] {
    if (this.isSettled) return [];
    const isFound = (key: string) => this.#found.has(key);
    const isKept = (key: string) => this.#kept.has(key);
    return this.#statedIn(text).filter(({ keys }) => keys.some(isFound) && !keys.some(isKept));
  }

  /** True where a typed text states what goes and what stays states, too. */
  holdsKept(text: string): boolean {
    if (this.#kept.size === 0) return false;
    return this.#statedIn(text).some(({ keys }) => keys.some((key) => this.#kept.has(key)));
  }

  #meet(content: Uint8Array, region: string | null, act: (key: string) => unknown): void {
    if (this.#typed.size === 0) return;
    for (const { keys } of this.#read(content, region)) for (const key of keys) act(key);
  }

  #statedIn(text: string): readonly Stated[] {
    let stated = this.#ofText.get(text);
    if (stated === undefined) {
      const bytes = utf8Encode(text);
      stated = this.#regions.flatMap((region) => this.#read(bytes, region));
      this.#ofText.set(text, stated);
    }
    return stated;
  }

  #read(bytes: Uint8Array, region: string | null): Stated[] {
    const out: Stated[] = [];
    for (const mention of this.#extractors.find(bytes, region)) {
      const readings = [mention, ...(mention.alternatives ?? [])];
      const keys = mention.class === 'time' ? [] : readings.flatMap(keysOf);
      if (keys.length > 0) out.push({ keys, from: mention.start, to: mention.end });
    }
    const text = utf8DecodeLossy(bytes);
    let [passed, passedBytes] = [0, 0];
    for (const match of text.matchAll(DRESSED)) {
      const digits = match[0].replace(/\D/g, '');
      if (digits.length < TAIL || DAY.test(match[0])) continue;
      passedBytes += utf8Encode(text.slice(passed, match.index)).length;
      passed = match.index;
      const to = passedBytes + utf8Encode(match[0]).length;
      out.push({ keys: [`… ${digits.slice(-TAIL)}`], from: passedBytes, to });
    }
    return out;
  }
}

function keysOf({ type, value }: { readonly type: string; readonly value: string }): string[] {
  const digits = value.replace(/\D/g, '');
  if (['money', 'mass', 'count'].includes(type) && digits.length < AMOUNT_DIGITS) return [];
  const keys = [`${type} ${value}`];
  if (type === 'phone' && digits.length >= PHONE_TAIL) keys.push(`phone … ${digits.slice(-PHONE_TAIL)}`);
  return keys;
}
