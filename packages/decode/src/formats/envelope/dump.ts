import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Keyring } from '../../keyring.ts';
import { type Layout, layoutOf } from '../../profile/layout.ts';
import type { Container, Profile } from '../../profile/profile.ts';
import { fieldsOf } from '../../profile/profile-fields.ts';
import { RecipeKeys } from '../../recipe/recipe-keys.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { type CsvDialect, CsvScanner } from './csv-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import { ProfileKeys } from './profile-keys.ts';
import { LineSplitter, RowSplitter, type Splitter } from './splitter.ts';

/** What `open` needs to know of a dump besides its bytes; survives structured cloning. */
export interface DumpState {
  /** The file's name, as locators show it. */
  readonly path: string;
  readonly profile: Profile;
  /** Columns of a CSV in their order. */
  readonly columns: readonly string[];
  /** Where a byte order mark and a header end, and the row that follows. */
  readonly offset: number;
  readonly row: number;
  /** Where the records were put that had to be turned into JSON first. */
  readonly store?: ScratchHandle;
}

/** Scans records of either container. */
export type Scanner = JsonScanner | CsvScanner;

export interface Dump {
  readonly layout: Layout;
  /** For records that are sealed as the fast path knows it. */
  readonly keys: ProfileKeys;
  /** For records that are opened by a recipe. */
  readonly recipeKeys: RecipeKeys;
  readonly splitter: Splitter;
  readonly scanner: Scanner;
  /** Null: the records stand in the file as the scanner reads them. */
  readonly store: ByteSource | null;
}

/** Makes what reads the records of a dump. `budget`: see RowSplitter. */
export function openDump(state: DumpState, keyring: Keyring, scratch: Scratch | null = null): Dump {
  const layout = layoutOf(state.profile);
  const { container } = state.profile;
  const keys = sealedKeys(keyring, state.profile);
  const recipeKeys = new RecipeKeys(keyring, state.profile.name);
  const splitter = splitterFor(container, Number.POSITIVE_INFINITY);
  const store = state.store === undefined || scratch === null ? null : scratch.open(state.store);
  return { layout, keys, recipeKeys, splitter, scanner: scannerFor(state, layout), store };
}

export function splitterFor(container: Container, budget?: number): Splitter {
  return container.kind === 'csv' ? new RowSplitter(dialectOf(container), budget) : new LineSplitter();
}

/** The AES-256 keys for the fast path: none where every payload is opened by a recipe. */
export function sealedKeys(keyring: Keyring, profile: Profile): ProfileKeys {
  const usesThem = profile.records.some(({ sealed }) => sealed !== undefined);
  const namesThem = profile.records.some(({ sealed }) => sealed?.key !== undefined);
  return new ProfileKeys(usesThem ? keyring : { keys: [] }, profile.name, namesThem);
}

/** What a derivation records of the keys, and what cannot be a key. */
export function keysOf(keyring: Keyring, profile: Profile): { ids: readonly string[]; findings: readonly Finding[] } {
  const { ids, findings } = sealedKeys(keyring, profile);
  const hasRecipe = profile.records.some(({ recipe }) => recipe !== undefined);
  if (!hasRecipe) return { ids, findings };
  return { ids: new RecipeKeys(keyring, profile.name).ids, findings: [] };
}

export function dialectOf(container: Extract<Container, { kind: 'csv' }>): CsvDialect {
  return { delimiter: container.delimiter.charCodeAt(0), quote: container.quote.charCodeAt(0) };
}

function scannerFor(state: DumpState, layout: Layout): Scanner {
  const { container } = state.profile;
  const { paths } = layout.slots;
  if (container.kind === 'csv') {
    const slots = state.columns.map((name) => layout.slots.of(name));
    return new CsvScanner(slots, paths.length, dialectOf(container));
  }
  return new JsonScanner(paths, binarySlots(layout));
}

/** Fields of encoded bytes that no record reads as anything else: what decodes them checks every character. */
function binarySlots({ profile, records, slots }: Layout): readonly number[] {
  const encoded = new Set(records.flatMap(({ sealed, together }) => (sealed ?? together?.layout)?.encoded ?? []));
  for (const { field, where } of profile.records.flatMap(fieldsOf)) {
    if (!where.startsWith('/sealed/') && !where.startsWith('/recipe/')) encoded.delete(slots.of(field));
  }
  return [...encoded];
}
