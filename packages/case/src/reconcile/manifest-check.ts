import type { Check, ReconcileLine, SeenItem } from './reconcile-line.ts';

/** Files against the list that came with the delivery: whole files, rows and columns. What differs is a finding of its own. */
export class ManifestCheck implements Check {
  readonly #lines: ReconcileLine[] = [];

  item({ index, capture, item }: SeenItem): void {
    if (item.platform !== 'delivery' || item.fields?.get('table') !== 'delivery-manifest') return;
    const number = (name: string): number | null => {
      const value = item.fields?.get(name);
      return typeof value === 'number' ? value : null;
    };
    const [rows, found, columns, agreeing] = ['rows', 'rowsFound', 'columns', 'columnsAgree'].map(number);
    const isSame = item.fields.get('agrees') === true;
    const counted = found == null ? '' : `, ${found} record(s) of ${rows ?? 'unknown'} stated`;
    const hashed = columns == null || columns === 0 ? '' : `, ${agreeing} of ${columns} column(s) as stated`;
    this.#lines.push({
      ...{ check: 'manifest', result: isSame ? 'agrees' : 'broken', capture, file: String(item.fields.get('file')) },
      ...{ step: 'receive', in: rows ?? 'unknown', out: found ?? 'unknown' },
      detail: `${isSame ? 'as' : 'not as'} the manifest ${item.locator.path} states${counted}${hashed}`,
      items: [index],
    });
  }

  lines(): Iterable<ReconcileLine> {
    return this.#lines;
  }
}
