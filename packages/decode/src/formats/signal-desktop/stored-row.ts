import type { CborValue } from '@custody/bytes';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Texts of JSON longer than this are not read: a message is some kilobytes. */
const LONGEST_JSON = 16 * 1024 * 1024;
/** A message has some 20 names beyond its columns; a hostile one may have any number. The raw record has it all. */
const MOST_OTHERS = 100;
const LONGEST_OTHER = 64 * 1024;

/**
 * A row whose values stand in columns, or in its column `json`, or in both: over the years they moved from the one to the
 * other. Columns come first.
 */
export class StoredRow {
  readonly json: JsonObject;
  readonly #row: RowCursor;
  readonly #table: SqliteTable;

  constructor(row: RowCursor, table: SqliteTable) {
    this.#row = row;
    this.#table = table;
    const at = table.column('json');
    this.json = readJson(at === null ? null : row.text(at));
  }

  /** The first of these names that has a text (or number, as text). */
  text(...names: readonly string[]): string | null {
    for (const name of names) {
      const at = this.#table.column(name);
      const stored = at === null ? null : this.#row.text(at);
      // Columns of the type STRING of before 2021 turn "+44…" into a number: what the JSON says is what was written.
      const value = stored ?? textOf(this.json[name]) ?? (at === null ? null : (this.#row.int(at)?.toString() ?? null));
      if (value !== null && value !== '') return value;
    }
    return null;
  }

  /** The first of these names that has a number. Times and row ids fit into 53 bits. */
  number(...names: readonly string[]): number | null {
    for (const name of names) {
      const at = this.#table.column(name);
      const stored = at === null ? null : (this.#row.int(at) ?? this.#row.real(at));
      const value = typeof stored === 'number' ? stored : this.json[name];
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    }
    return null;
  }

  /** Names and values of the JSON that have no column and are not among these, larger ones as text. */
  *others(placed: ReadonlySet<string>): Generator<readonly [name: string, value: CborValue]> {
    let left = MOST_OTHERS;
    for (const [name, value] of Object.entries(this.json)) {
      if (name.length > 100 || placed.has(name) || this.#table.column(name) !== null || /key|secret/i.test(name))
        continue;
      const shown = shownOf(value);
      if (shown !== null && left-- > 0) yield [name, shown];
    }
  }

  flag(name: string): boolean {
    return this.number(name) === 1 || this.json[name] === true;
  }
}

/** What says nothing is left out, as it is for columns. */
function shownOf(value: unknown): CborValue {
  if (typeof value === 'string') return value === '' ? null : value.slice(0, LONGEST_OTHER);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value || null : String(value);
  if (value === true) return true;
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return null;
  return JSON.stringify(value).slice(0, LONGEST_OTHER);
}

/** An object; empty where the text is none. */
export function readJson(text: string | null): JsonObject {
  if (text === null || text.length > LONGEST_JSON) return {};
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}
