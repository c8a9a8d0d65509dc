import { type DisclosedField, valueOfField } from '@custody/chain';
import { decodeNamedFields, itemSlot } from '@custody/evidence';
import type {
  ExhibitCompleteness,
  ExhibitDerivation,
  ExhibitInventory,
  ExhibitLeaf,
  ExhibitSuperseded,
} from '@custody/exhibit';
import type { Surroundings } from './exhibit-context.ts';
import { noteGone } from './exhibit-gone.ts';
import type { ExhibitNotes } from './exhibit-notes.ts';
import type { RedactedLeaf, Redaction } from './exhibit-redaction.ts';
import type { Case } from './open-case.ts';

interface Terms {
  readonly opened: Case;
  readonly redaction: Redaction;
  readonly size: number;
  /** What was noted so far; more is added. */
  readonly notes: ExhibitNotes;
}

interface Shown {
  readonly around: Surroundings;
  readonly leaves: readonly ExhibitLeaf[];
  readonly redacted: readonly RedactedLeaf[];
  readonly derivations: readonly ExhibitDerivation[];
}

/** What is shown and what is not, as far as the log goes at a size; nothing that the data cannot say is said to be none. */
export function completenessOf(terms: Terms, { around, leaves, redacted, derivations }: Shown): ExhibitCompleteness {
  const sum = (key: 'inScope' | 'outOfScope' | 'privileged' | 'undecided') =>
    derivations.some((one) => one.totals === null)
      ? null
      : derivations.reduce((total, one) => total + (one.totals?.[key] ?? 0), 0);
  const entries = derivations.map(({ entry }) => entry);
  noteGone(terms.opened, entries, terms.notes);
  const unfinished = derivations.filter((one) => one.totals === null).length;
  terms.notes.add('unfinished', { n: unfinished });
  const { redaction } = terms;
  return {
    shown: leaves.filter((one) => one.role === 'selected').length,
    context: leaves.filter((one) => one.role === 'context').length,
    inScope: sum('inScope'),
    outOfScope: sum('outOfScope'),
    privileged: sum('privileged'),
    undecided: sum('undecided'),
    limits: around.limits.map((limit) => ({ ...limit, detail: redaction.clean(limit.detail) })),
    inventory: inventoryOf(around.received, redacted),
    notExamined: derivations.map(({ entry }) => ({
      derivation: entry,
      ...(around.notExamined.get(entry) ?? { findings: null, bytes: null }),
    })),
    superseded: supersededOf(terms, derivations),
    notes: terms.notes.said,
  };
}

/** Fields that items in scope have, and on how many of the shown items they stand open in whole or in part. */
function inventoryOf(received: Surroundings['received'], redacted: readonly RedactedLeaf[]): ExhibitInventory[] {
  const shown = new Map<string, number>();
  for (const { one, fields } of redacted) {
    if (one.role === 'finding') continue;
    for (const name of openNames(fields)) {
      const key = `${one.segment.derive} ${name}`;
      shown.set(key, (shown.get(key) ?? 0) + 1);
    }
  }
  const rows = [...received].flatMap(([derivation, names]) =>
    [...names].map(([field, count]) => ({
      ...{ derivation, field, received: count },
      shown: shown.get(`${derivation} ${field}`) ?? 0,
    })),
  );
  return rows.sort((a, b) => a.derivation - b.derivation || (a.field < b.field ? -1 : 1));
}

function* openNames(fields: readonly DisclosedField[]): Generator<string> {
  for (const [name, slot] of Object.entries(itemSlot)) {
    const field = fields[slot - 1];
    if (name === 'raw' || field === undefined || 'digest' in field) continue;
    const value = valueOfField(field, slot === itemSlot.fields);
    if (value === null) continue;
    yield name;
    if (slot !== itemSlot.fields || value === undefined) continue;
    for (const key of decodeNamedFields(value).keys()) yield `fields.${key}`;
  }
}

function supersededOf({ opened, size }: Terms, derivations: readonly ExhibitDerivation[]): ExhibitSuperseded[] {
  const shown = new Set(derivations.map(({ entry }) => entry));
  const out: ExhibitSuperseded[] = [];
  for (const { entry, supersedes } of opened.state.derivations.values()) {
    if (supersedes === null || entry >= size) continue;
    if (shown.has(entry) || shown.has(supersedes)) out.push({ derivation: supersedes, by: entry });
  }
  return out.sort((a, b) => a.by - b.by);
}
