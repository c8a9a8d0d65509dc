import type { Keyring } from '../../keyring.ts';
import { type Layout, layoutOf } from '../../profile/layout.ts';
import type { Container, Profile } from '../../profile/profile.ts';
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
}

/** Scans records of either container. */
export type Scanner = JsonScanner | CsvScanner;

export interface Dump {
  readonly layout: Layout;
  readonly keys: ProfileKeys;
  readonly splitter: Splitter;
  readonly scanner: Scanner;
}

/** Makes what reads the records of a dump. `budget`: see RowSplitter. */
export function openDump(state: DumpState, keyring: Keyring): Dump {
  const layout = layoutOf(state.profile);
  const { container } = state.profile;
  const keys = new ProfileKeys(keyring, state.profile.name, namesKeys(state.profile));
  const splitter = splitterFor(container, Number.POSITIVE_INFINITY);
  return { layout, keys, splitter, scanner: scannerFor(state, layout) };
}

export function splitterFor(container: Container, budget?: number): Splitter {
  return container.kind === 'ndjson' ? new LineSplitter() : new RowSplitter(dialectOf(container), budget);
}

/** True where records name their keys. */
export function namesKeys(profile: Profile): boolean {
  return profile.records.some((record) => record.sealed?.key !== undefined);
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
  return new JsonScanner(paths, [...new Set(layout.records.flatMap((record) => record.sealed?.encoded ?? []))]);
}
