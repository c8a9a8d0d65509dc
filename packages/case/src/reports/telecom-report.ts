import { linksOfCase } from '../links/links-of-case.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { amountsReport } from './amounts-report.ts';
import { boxReport } from './box-report.ts';
import { manyBeside } from './degree-reports.ts';
import type { ReportLine } from './report-line.ts';
import { FORWARDED_WITHIN_MS, takeoverReport } from './takeover-report.ts';

/** Reports by name, with what each shows. */
export const telecomReports = {
  handsets: 'handsets (IMEI) with many numbers',
  numbers: 'numbers in many handsets',
  boxes: 'SIM boxes: slots, cards, operators and countries',
  accounts: 'accounts registered per number',
  takeovers: 'one-time codes sent on to another number',
  amounts:
    'sums, masses and counts that messages mention: quote, sender, cue; copies of a message once; nothing added up',
} as const;

export type TelecomReport = keyof typeof telecomReports;

export interface TelecomReportOptions {
  /** Fewest numbers, handsets or accounts for a line; 2 unless told otherwise. For `amounts` the least amount, in each unit. */
  readonly least?: number;
  /** Boxes slot by slot. */
  readonly bySlot?: boolean;
  /** Minutes within which a code is sent on. */
  readonly withinMinutes?: number;
  readonly reason?: string;
  readonly progress?: Progress;
}

/** The lines of a report; the access is recorded first. All but `amounts` are from metadata alone. Errors as linksOfCase. */
export async function* telecomReport(
  opened: Case,
  name: TelecomReport,
  options: TelecomReportOptions = {},
): AsyncGenerator<ReportLine> {
  const { least = 2, bySlot = false, withinMinutes, reason, progress } = options;
  const parameters = { report: name, least, bySlot, withinMinutes: withinMinutes ?? null };
  const logged = await recordAccess(opened, 'report', { parameters, ...(reason !== undefined && { reason }) });
  for await (const line of linesOf()) yield { ...line, ...notLogged(logged) };

  async function* linesOf(): AsyncGenerator<ReportLine> {
    if (name === 'amounts') {
      yield* amountsReport(opened, options.least === undefined ? {} : { min: String(options.least) });
      return;
    }
    if (name === 'boxes') {
      yield* boxReport(opened, bySlot);
      return;
    }
    const links = await linksOfCase(opened, progress);
    const within = withinMinutes === undefined ? FORWARDED_WITHIN_MS : withinMinutes * 60_000;
    if (name === 'takeovers') yield* takeoverReport(opened, links, within);
    else yield* manyBeside(links, { report: name, least, ...PAIRS[name] });
  }
}

const PAIRS = {
  handsets: { type: 'imei', beside: 'phone' },
  numbers: { type: 'phone', beside: 'imei' },
  accounts: { type: 'phone', beside: 'account' },
} as const;
