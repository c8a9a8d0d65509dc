import type { Finding } from '@custody/evidence';
import type { RecordPlace, RecordStore } from '../../containers/record-store.ts';
import { finding } from '../../make-finding.ts';
import { type Column, columnsOf, HEADINGS_WITHIN, kindOfNames, type TableShape } from './read-shape.ts';
import { kindOfColumns } from './table-kind.ts';
import type { TableProfile } from './table-profile.ts';
import { type DayOrder, needsOrder, orderEvidence } from './time-text.ts';

/** A cell as its source has it. `date`: a number that a spreadsheet shows as a date or time. */
export interface GridCell {
  readonly text: string;
  readonly form: 'text' | 'number' | 'date';
}

/** What the cells of a column are, over the whole table. */
interface ColumnForms {
  numbers: number;
  dates: number;
  texts: number;
  /** Texts whose day and month only their order tells apart. */
  ordered: number;
  day: boolean;
  month: boolean;
}

/** Takes the rows of one table in their order, finds its headings and puts the rows below them into the store. */
export class TableCollector {
  readonly #path: string;
  readonly #profile: TableProfile | null;
  readonly #store: RecordStore;
  readonly #forms: ColumnForms[] = [];
  #names: readonly string[] | null;
  #above = 0;

  /** `names`: the columns, where no row names them. */
  constructor(
    path: string,
    { profile, store, names }: { profile: TableProfile | null; store: RecordStore; names?: readonly string[] },
  ) {
    this.#path = path;
    this.#profile = profile;
    this.#store = store;
    this.#names = names ?? null;
    store.within(path);
  }

  /** True once it is clear that no headings come: the rest need not be read. */
  get isHopeless(): boolean {
    return this.#names === null && this.#above >= HEADINGS_WITHIN;
  }

  row(cells: readonly GridCell[], place: RecordPlace, raw: Uint8Array | null): void {
    if (this.isHopeless || cells.every(({ text }) => text.trim() === '')) return;
    if (this.#names === null) {
      const names = cells.map(({ text }) => text.trim());
      if (this.#isHeading(names, place.row)) this.#names = names;
      else this.#above++;
      return;
    }
    for (const [i, cell] of cells.entries()) this.#look(i, cell);
    this.#store.add(Buffer.from(JSON.stringify(cells.map(({ text }) => text))), place, raw);
  }

  problem(why: string, place: RecordPlace): void {
    if (this.#names === null) this.#above++;
    else this.#store.problem(why, place);
  }

  /** The shape, or null where there is no table; and what is to be said about it as a whole. */
  finish(profileHash: string | null, serial: '1900' | '1904'): { shape: TableShape | null; findings: Finding[] } {
    const names = this.#names;
    if (names === null) return { shape: null, findings: [] };
    const width = Math.max(names.length, this.#forms.length);
    const all = Array.from({ length: width }, (_, i) => (names[i] ?? '') || `column ${i + 1}`);
    const columns = columnsOf(all, this.#profile).map((column, i) => this.#formed(column, this.#forms[i], serial));
    const roles = new Set(columns.map(({ role }) => role).filter((role) => role !== null));
    const kind = this.#profile?.kind ?? kindOfColumns(roles);
    if (kind === null) return { shape: null, findings: [] };
    const rest = { delimiter: 0, offset: 0, profile: profileHash, asOf: this.#profile?.asOf ?? null };
    const shape = { path: this.#path, kind, columns, ...rest };
    return { shape, findings: [...this.#title(), ...this.#formFindings(columns)] };
  }

  #isHeading(names: readonly string[], row: number): boolean {
    const { headerRow, columns = {} } = this.#profile ?? {};
    if (headerRow !== undefined) return row === headerRow;
    const stated = Object.keys(columns);
    return kindOfNames(names) !== null || (stated.length > 0 && stated.every((name) => names.includes(name)));
  }

  #look(i: number, { text, form }: GridCell): void {
    while (this.#forms.length <= i)
      this.#forms.push({ numbers: 0, dates: 0, texts: 0, ordered: 0, day: false, month: false });
    const forms = this.#forms[i] as ColumnForms;
    if (text.trim() === '') return;
    if (form === 'number') forms.numbers++;
    else if (form === 'date') forms.dates++;
    else forms.texts++;
    if (form !== 'text' || !needsOrder(text)) return;
    forms.ordered++;
    const evidence = orderEvidence(text);
    forms.day ||= evidence === 'd';
    forms.month ||= evidence === 'm';
  }

  /** What the cells of a column add to what its heading says. */
  #formed(column: Column, forms: ColumnForms | undefined, serial: '1900' | '1904'): Column {
    if (forms === undefined) return column;
    if (column.role === 'duration' && forms.dates > 0) return { ...column, days: true };
    if (column.time === null) return column;
    const proven: DayOrder = forms.day === forms.month ? 'undecided' : forms.day ? 'dmy' : 'mdy';
    const order = column.time.order === 'undecided' ? proven : column.time.order;
    return { ...column, time: { ...column.time, order, ...(forms.dates > 0 && { serial }) } };
  }

  #title(): Finding[] {
    if (this.#above === 0) return [];
    const detail = `${this.#above} row(s) above the headings are a title or a note, not rows of the table`;
    return [finding('BYTES_NOT_EXAMINED', this.#path, { records: null, detail, class: 'note' })];
  }

  #formFindings(columns: readonly Column[]): Finding[] {
    const out: Finding[] = [];
    const tell = (records: number, detail: string, fate: 'doubt' | 'note') =>
      out.push(finding('FIELD_COERCED', this.#path, { records, detail, class: fate }));
    for (const [i, { name, role, time }] of columns.entries()) {
      const { numbers, dates, texts, ordered } = this.#forms[i] ?? { numbers: 0, dates: 0, texts: 0, ordered: 0 };
      const shown = `column ${JSON.stringify(name.slice(0, 80))}`;
      const filled = numbers + dates + texts;
      if (dates > 0 && time !== null) {
        const detail = `${dates} of ${filled} cells of ${shown} are dates that the spreadsheet keeps as day numbers: what was typed is not kept`;
        tell(dates, detail, 'note');
      }
      if (dates > 0 && ordered > 0 && time !== null) {
        const detail = `${shown} has ${dates} dates that the spreadsheet understood beside ${ordered} that it left as text: day and month may be exchanged in the former`;
        tell(dates, detail, 'doubt');
      }
      if (numbers > 0 && role !== null && LONG_NUMBERS.has(role)) {
        const detail = `${numbers} of ${filled} cells of ${shown} are numbers, not text: leading zeros, a plus sign and digits after the 15th do not survive that`;
        tell(numbers, detail, 'note');
      }
    }
    return out;
  }
}

const LONG_NUMBERS: ReadonlySet<string> = new Set([
  'imei',
  'imeisv',
  'imsi',
  'iccid',
  'phone',
  'caller',
  'called',
  'account',
]);
