import type { CborValue } from '@custody/bytes';
import { mismatch } from '../errors.ts';
import type { ExhibitDerivation, ExhibitDocument, ExhibitTotals } from '../model.ts';
import type { ProvenEntry } from './verify-entry.ts';

/** Sums of a complete derivation that the completeness table shows. */
const DISPOSED = ['inScope', 'outOfScope', 'privileged', 'undecided'] as const;

/** Holds what the document says of case and derivations against the log entries that commit to it. */
export function verifyStatements(document: ExhibitDocument, entries: ReadonlyMap<number, ProvenEntry>): void {
  const init = need(entries, 0, 'init');
  if (document.case.title !== at(init.values.subject, 'title')) throw differs('the title of the case', 0);
  const newest = need(entries, document.size - 1, null);
  if (document.asOf !== new Date(newest.entry.time).toISOString()) throw differs('its date', document.size - 1);
  const seen = new Set<number>();
  for (const derivation of document.derivations) {
    if (seen.has(derivation.entry)) throw differs('a derivation is listed twice, which', derivation.entry);
    seen.add(derivation.entry);
    verifyDerivation(derivation, entries);
  }
  for (const { derivation } of document.segments) {
    if (!seen.has(derivation)) throw differs('a segment belongs to a derivation that is not listed: this', derivation);
  }
  verifySums(document);
}

function verifyDerivation(one: ExhibitDerivation, entries: ReadonlyMap<number, ProvenEntry>): void {
  const { values } = need(entries, one.entry, 'derive');
  for (const key of ['capture', 'format', 'decoder'] as const) {
    if (at(values.subject, key) !== one[key]) throw differs(`the ${key} of a derivation`, one.entry);
  }
  if (values.authority !== one.authority) throw differs('the authority of a derivation', one.entry);
  if ((one.complete === null) !== (one.totals === null)) throw differs('the totals of a derivation', one.entry);
  if (one.complete === null || one.totals === null) return;
  const complete = need(entries, one.complete, 'complete');
  if (at(complete.values.subject, 'derivation') !== one.entry) throw differs('the derivation it closes', one.complete);
  const stated = totalsOf(complete);
  for (const [key, value] of Object.entries(one.totals)) {
    if (stated[key as keyof ExhibitTotals] !== value) throw differs(`the count "${key}"`, one.complete);
  }
}

function verifySums({ completeness, derivations }: ExhibitDocument): void {
  for (const key of DISPOSED) {
    const parts = derivations.map((one) => one.totals?.[key] ?? null);
    const sum = parts.includes(null) ? null : parts.reduce<number>((total, part) => total + (part ?? 0), 0);
    if (completeness[key] !== sum)
      throw mismatch('EXHIBIT_COUNT_MISMATCH', `the count "${key}" is not the sum of the derivations`);
  }
}

function totalsOf({ values }: ProvenEntry): Partial<ExhibitTotals> {
  const text = at(values.detail, 'totals');
  try {
    const totals: unknown = JSON.parse(typeof text === 'string' ? text : 'null');
    return typeof totals === 'object' && totals !== null ? totals : {};
  } catch {
    return {};
  }
}

function need(entries: ReadonlyMap<number, ProvenEntry>, index: number, kind: string | null): ProvenEntry {
  const found = entries.get(index);
  if (found === undefined || (kind !== null && found.entry.kind !== kind)) {
    throw mismatch('EXHIBIT_ENTRY_MISMATCH', `the exhibit does not show entry ${index}, which a statement rests on`);
  }
  return found;
}

function at(value: CborValue | undefined, key: string): CborValue | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, CborValue>).get(key) : undefined;
}

function differs(what: string, entry: number): Error {
  return mismatch('EXHIBIT_ENTRY_MISMATCH', `${what} is not what entry ${entry} of the log commits to`, { entry });
}
