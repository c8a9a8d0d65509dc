import type { Decimal } from '../amounts/decimal.ts';

/** What a term of a dictionary says. */
export interface Term {
  /** What it means, as the dictionary writes it; the term itself where the dictionary says no more. */
  readonly means: string;
  /** Where it is a measure: how much one is, and of what (`kg`, `pill`, a currency's code). */
  readonly unit: { readonly each: Decimal; readonly of: string; readonly type: 'mass' | 'money' | 'count' } | null;
  /** Most words of a term that begins with this word. */
  readonly words: number;
  /** Whether longer terms begin with it and it is none itself. */
  readonly isPrefix: boolean;
}

/** What the extractor asks of a dictionary. */
export interface TermSource {
  /** First words of the terms, for the filter. */
  readonly beginnings: readonly string[];
  /** The term `bytes[start..end)`, in any case, or null. */
  find(bytes: Uint8Array, start: number, end: number): Term | null;
  /** Labels under which a value is on the watch list; null where it is not. `value` is canonical. */
  watched(type: string, value: string): readonly string[] | null;
}
