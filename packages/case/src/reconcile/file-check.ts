import { createHash, type Hash } from 'node:crypto';
import type { Item } from '@custody/evidence';
import { type Check, CITED, type ReconcileLine, type SeenFinding, type SeenItem } from './reconcile-line.ts';

interface FileCount {
  readonly capture: string;
  readonly path: string;
  items: number;
  lost: number | null;
  duplicates: number;
  /** Columns of a table in their order, each with the sum over its cells. */
  readonly columns: Map<string, Hash>;
  platform: string;
}

interface Stated {
  readonly rows: number;
  readonly column: string | null;
  readonly sha256: string | null;
  readonly index: number;
  /** By a list that counts records itself: of its rows some may be parts of one item, or none of their own. */
  readonly counted?: true;
}

/**
 * Files against what the delivery's own manifest states: rows, and of each column the SHA-256 over its cells, each with
 * a line feed, from the first row to the last. Without a manifest a file's completeness is unknown.
 */
export class FileCheck implements Check {
  readonly #files = new Map<string, FileCount>();
  /** By capture and file name as the manifest writes it. */
  readonly #stated = new Map<string, Stated[]>();

  item({ index, capture, item }: SeenItem): void {
    if (item.platform === 'delivery') {
      this.#stateCounted(index, capture, item.fields);
      return;
    }
    const file = this.#file(capture, item.locator.path);
    file.items++;
    file.platform = item.platform;
    if (item.platform !== 'telecom') return;
    if (item.fields?.get('table') === 'manifest') this.#state(index, capture, item.fields);
    const cells = item.fields?.get('cells');
    if (!(cells instanceof Map)) return;
    for (const [name, cell] of cells) {
      let hash = file.columns.get(String(name));
      if (hash === undefined) {
        hash = createHash('sha256');
        file.columns.set(String(name), hash);
      }
      hash.update(`${String(cell)}\n`);
    }
  }

  finding({ capture, finding }: SeenFinding): void {
    if (finding.locator === null) return;
    const isLost = finding.class === 'lost' || finding.code === 'NOT_COVERED';
    if (!isLost && finding.code !== 'DUPLICATE') return;
    const file = this.#file(capture, finding.locator.path.split('!')[0] as string);
    if (finding.code === 'DUPLICATE') file.duplicates += finding.records ?? 0;
    else file.lost = file.lost === null || finding.records === null ? null : file.lost + finding.records;
  }

  *lines(): Generator<ReconcileLine> {
    const claimed = new Set<string>();
    for (const file of this.#files.values()) {
      const key = keyOf(file.capture, file.path);
      const stated = this.#stated.get(key) ?? this.#stated.get(keyOf(file.capture, baseOf(file.path)));
      if (stated !== undefined) claimed.add(this.#stated.has(key) ? key : keyOf(file.capture, baseOf(file.path)));
      yield fileLine(file, stated);
      if (stated !== undefined) yield* columnLines(file, stated);
    }
    for (const [key, stated] of this.#stated) {
      if (claimed.has(key) || (stated[0]?.counted === true && stated[0].rows === 0)) continue;
      const [capture = '', file = ''] = key.split('\n');
      const detail = `the manifest states a file of ${stated[0]?.rows} row(s) of which nothing was decoded`;
      yield {
        check: 'file',
        result: 'broken',
        capture,
        file,
        detail,
        items: stated.slice(0, 1).map(({ index }) => index),
      };
    }
  }

  #file(capture: string, locator: string): FileCount {
    const path = locator.split('!')[0] as string;
    const key = keyOf(capture, path);
    let file = this.#files.get(key);
    if (file === undefined) {
      file = { capture, path, items: 0, lost: 0, duplicates: 0, columns: new Map(), platform: '' };
      this.#files.set(key, file);
    }
    return file;
  }

  #stateCounted(index: number, capture: string, fields: Item['fields']): void {
    const [file, rows] = [fields?.get('file'), fields?.get('rows')];
    if (typeof file !== 'string' || typeof rows !== 'number') return;
    const key = keyOf(capture, file);
    const entry: Stated = { rows, column: null, sha256: null, index, counted: true };
    this.#stated.set(key, [...(this.#stated.get(key) ?? []), entry]);
  }

  #state(index: number, capture: string, fields: ReadonlyMap<string, unknown>): void {
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : null;
    };
    const file = text('file');
    const rows = text('rows');
    if (file === null || rows === null || !/^\d{1,15}$/.test(rows)) return;
    const key = keyOf(capture, file);
    const entry = { rows: Number(rows), column: text('column'), sha256: text('sha256'), index };
    this.#stated.set(key, [...(this.#stated.get(key) ?? []), entry]);
  }
}

function fileLine(file: FileCount, stated: readonly Stated[] | undefined): ReconcileLine {
  const { capture, path, items, lost, duplicates } = file;
  const rows = stated?.[0]?.rows ?? null;
  const rejected = lost ?? 'unknown';
  const out = {
    check: 'file',
    capture,
    file: path,
    step: 'file',
    in: rows ?? 'unknown',
    out: items,
    rejected,
    collapsed: 0,
    duplicates,
  };
  const kept = `${items} item(s), ${rejected} record(s) rejected, ${duplicates} doubled row(s), none collapsed`;
  if (rows === null) return { ...out, result: 'unknown', detail: `${kept}; nothing states how many there should be` };
  if (lost === null) return { ...out, result: 'unknown', detail: `${kept}; the manifest states ${rows} row(s)` };
  const detail = `${kept}; the manifest states ${rows} row(s)`;
  const cited = (stated ?? []).slice(0, 1).map(({ index }) => index);
  // A sealed message whose key is missing is lost and an item: who wrote to whom is known of it.
  const adds = rows === items + lost || (stated?.[0]?.counted === true && rows === items);
  if (adds || stated?.[0]?.counted !== true)
    return { ...out, result: adds ? 'agrees' : 'broken', detail, items: cited };
  const rest = 'whether the difference are parts of one item, or rows that give none, only the decoder knows';
  return { ...out, result: 'unknown', detail: `${detail}; ${rest}`, items: cited };
}

function* columnLines(file: FileCount, stated: readonly Stated[]): Generator<ReconcileLine> {
  const named = { check: 'column', capture: file.capture, file: file.path };
  const left = new Set(file.columns.keys());
  for (const { column, sha256, index } of stated) {
    if (column === null || sha256 === null) continue;
    left.delete(column);
    const found = file.columns.get(column)?.copy().digest('hex') ?? null;
    const isSame = found === sha256.toLowerCase();
    const detail =
      found === null
        ? `column ${JSON.stringify(column)} is in the manifest and not in the file`
        : `the cells of column ${JSON.stringify(column)} ${isSame ? 'have' : 'do not have'} the SHA-256 that the manifest states`;
    yield { ...named, column, result: isSame ? 'agrees' : 'broken', detail, items: [index].slice(0, CITED) };
  }
  if (!stated.some(({ column }) => column !== null)) return;
  for (const column of left) {
    const detail = `column ${JSON.stringify(column)} is in the file and not in the manifest`;
    yield { ...named, column, result: 'broken', detail };
  }
}

function keyOf(capture: string, path: string): string {
  return `${capture}\n${path}`;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
