/** One line of a report: plain values by name, `items` cite the rows. */
export interface ReportLine {
  readonly report: string;
  readonly items: readonly number[];
  readonly [name: string]: unknown;
}
