import { base64Encode, type CborValue } from '@custody/bytes';
import {
  consistencyProof,
  ENTRY_FIELDS,
  type EntryField,
  entryLeafHash,
  inclusionProofIn,
  treeLevels,
} from '@custody/chain';
import { type ExhibitEntry, type ExhibitTotals, fieldJson } from '@custody/exhibit';
import { digestOfEventField, type EventField, eventValues, type LoggedCommit, readEvents } from '@custody/segment';
import type { Case } from './open-case.ts';

/** Levels of the tree over the log's first `size` entries. */
export function logLevels({ ledger: { entries } }: Case, size: number): readonly Uint8Array[] {
  const hashes = new Uint8Array(size * 32);
  for (let i = 0; i < size; i++) hashes.set(entryLeafHash(entries[i]?.bytes ?? new Uint8Array(0)), i * 32);
  return treeLevels(hashes);
}

/** Entries of the log at one size, with their proofs and openings. */
export class ExhibitLog {
  readonly #case: Case;
  readonly #levels: readonly Uint8Array[];
  readonly #opened = new Map<number, ExhibitEntry>();
  readonly size: number;

  /** `levels` are those of the log's tree at `size`: see `logLevels`. */
  constructor(opened: Case, { size, levels }: { readonly size: number; readonly levels: readonly Uint8Array[] }) {
    this.#case = opened;
    this.#levels = levels;
    this.size = size;
  }

  /** Entries that were opened, in log order. */
  get shown(): readonly ExhibitEntry[] {
    return [...this.#opened.values()].sort((a, b) => a.entry - b.entry);
  }

  prove(entry: number): Pick<ExhibitEntry, 'entry' | 'bytes' | 'proof'> {
    const bytes = this.#case.ledger.entries[entry]?.bytes ?? new Uint8Array(0);
    return { entry, bytes: base64Encode(bytes), proof: inclusionProofIn(this.#levels, entry).map(base64Encode) };
  }

  /** Proof that the log at this size begins with the log of `size` entries (RFC 9162 2.1.4). */
  consistencyFrom(size: number): readonly Uint8Array[] {
    return consistencyProof(this.#levels[0] as Uint8Array, size, this.size);
  }

  /** Shows an entry with these fields open and the others withheld; gives its values. */
  async show(entry: number, open: readonly EntryField[]): Promise<ReturnType<typeof eventValues>> {
    const fields = await this.#openings(entry);
    const numbers = new Set<number>(open.map((name) => ENTRY_FIELDS[name]));
    const known = this.#opened.get(entry);
    this.#opened.set(entry, {
      ...this.prove(entry),
      fields: fields.map((field, i) => {
        const before = known?.fields[i];
        if (before !== undefined && !('digest' in before)) return before;
        // What was written anew under an order proves nothing: only its digest is shown.
        const isShown = numbers.has(i + 1) && field.digest === undefined;
        return fieldJson(isShown ? field : { digest: digestOfEventField(i + 1, field) });
      }),
    });
    return eventValues(fields);
  }

  /** The `complete` entry of a derivation at this size, and its totals. */
  async showTotals(derivation: number): Promise<{ complete: number; totals: ExhibitTotals } | null> {
    const { entries } = this.#case.ledger;
    for (let i = derivation + 1; i < this.size; i++) {
      if (entries[i]?.kind !== 'complete') continue;
      const values = eventValues(await this.#openings(i));
      if (at(values.subject, 'derivation') !== derivation) continue;
      await this.show(i, ['subject', 'detail']);
      return { complete: i, totals: readTotals(at(values.detail, 'totals')) };
    }
    return null;
  }

  async #openings(entry: number): Promise<readonly EventField[]> {
    const { vault, ledger, held } = this.#case;
    const commit = ledger.commits.findLast((one) => one.size <= entry) as LoggedCommit;
    const identity = held.evidence;
    if (commit.events === null || identity === undefined) throw new Error(`entry ${entry} has no openings`);
    const openings = await readEvents(vault, ledger, { commit, identities: identity.all });
    return openings[entry - commit.size] ?? [];
  }
}

function readTotals(text: CborValue | undefined): ExhibitTotals {
  const all = JSON.parse(String(text)) as ExhibitTotals;
  const { records, decoded, lost, notCovered, items, findings, evidenceRoot } = all;
  const { inScope, outOfScope, privileged, undecided } = all;
  return {
    ...{ records, decoded, lost, notCovered, items, findings },
    ...{ inScope, outOfScope, privileged, undecided, evidenceRoot },
  };
}

function at(value: CborValue | undefined, key: string): CborValue | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, CborValue>).get(key) : undefined;
}
