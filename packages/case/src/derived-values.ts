import { type CborValue, decodeCbor, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { canonicalValue, entityTypes } from '@custody/entities';
import { RegionExtractors } from './exhibit-mentions.ts';

/** A stretch of a text, in bytes, that states a withheld value in some spelling. */
export interface StatedPlace {
  readonly rule: number;
  readonly from: number;
  readonly to: number;
}

interface Reading {
  readonly type: string;
  readonly value: string;
}

/** Of telephone numbers that one text has with its country and another without, these last digits are compared. */
const PHONE_TAIL = 8;

/**
 * Withheld values as the extractor reads them, so that a number, an amount or an account is withheld however a text spells
 * it: `06-12345678` for `+31612345678`, digits of another script, an IBAN in groups.
 */
export class DerivedValues {
  readonly #extractors = new RegionExtractors();
  readonly #rules = new Map<string, Set<number>>();
  readonly #known = new Set<string>();

  /** Withholds what `text` as a whole stands for, if it stands for anything. */
  add(text: string, rule: number, region: string | null): void {
    const trimmed = text.trim();
    const known = `${rule} ${region} ${trimmed}`;
    if (trimmed === '' || this.#known.has(known)) return;
    this.#known.add(known);
    for (const reading of this.#readingsOf(trimmed, region)) {
      for (const key of keysOf(reading)) {
        const rules = this.#rules.get(key) ?? new Set();
        this.#rules.set(key, rules.add(rule));
      }
    }
  }

  /** Places at which a text in UTF-8 states what is withheld. */
  placesIn(text: Uint8Array, region: string | null): StatedPlace[] {
    if (this.#rules.size === 0) return [];
    return this.#extractors.find(text, region).flatMap((mention) => {
      const rules = new Set([mention, ...(mention.alternatives ?? [])].flatMap((one) => this.rulesOf(one)));
      return [...rules].map((rule) => ({ rule, from: mention.start, to: mention.end }));
    });
  }

  /** Rules whose values the texts of a CBOR value state. */
  rulesIn(value: Uint8Array, region: string | null): Set<number> {
    if (this.#rules.size === 0) return new Set();
    const texts: string[] = [];
    collect(decoded(value), texts);
    return new Set(texts.flatMap((text) => this.placesIn(utf8Encode(text), region).map(({ rule }) => rule)));
  }

  rulesOf(reading: Reading): number[] {
    return keysOf(reading).flatMap((key) => [...(this.#rules.get(key) ?? [])]);
  }

  #readingsOf(text: string, region: string | null): Reading[] {
    const bytes = utf8Encode(text);
    const whole = this.#extractors.find(bytes, region).filter(({ start, end }) => start === 0 && end === bytes.length);
    const typed = entityTypes.flatMap(({ type }) => {
      const value = canonicalValue(type, text);
      return value === null ? [] : [{ type, value }];
    });
    return [...whole.flatMap((one) => [one, ...(one.alternatives ?? [])]), ...typed];
  }
}

function keysOf({ type, value }: Reading): string[] {
  const keys = [`${type} ${value}`];
  const digits = value.replace(/\D/g, '');
  if (type === 'phone' && digits.length >= PHONE_TAIL) keys.push(`phone … ${digits.slice(-PHONE_TAIL)}`);
  return keys;
}

/** Fields are CBOR or plain text; what is neither is read as text. */
function decoded(value: Uint8Array): CborValue {
  try {
    return decodeCbor(value);
  } catch {
    return value;
  }
}

function collect(value: CborValue, out: string[]): void {
  if (typeof value === 'string') out.push(value);
  else if (typeof value === 'number' || typeof value === 'bigint') out.push(String(value));
  else if (value instanceof Uint8Array) out.push(utf8DecodeLossy(value));
  else if (value instanceof Map) {
    for (const [key, one] of value) {
      if (typeof key === 'string') out.push(key);
      collect(one, out);
    }
  } else if (Array.isArray(value)) for (const one of value as readonly CborValue[]) collect(one, out);
}
