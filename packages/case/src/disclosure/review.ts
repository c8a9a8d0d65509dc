import type { Item } from '@custody/evidence';
import { csvLine } from '@custody/exchange';
import type { MarkLabel } from '../marks/case-marks.ts';
import type { Case } from '../open-case.ts';
import { leavesInForce } from '../selection.ts';

/** An item in scope as a schedule describes it: never what it says or who says it. */
export interface ScheduledItem {
  readonly index: number;
  readonly leaf: string;
  readonly capture: string;
  readonly description: string;
  readonly utc: string | null;
  readonly exculpatory: boolean;
  readonly reason: string;
}

/** What of the case is not disclosed, by what reviewers said of it. */
export interface UnusedMaterial {
  readonly nonSensitive: readonly ScheduledItem[];
  readonly sensitive: readonly ScheduledItem[];
  /** Items in scope that nobody has marked and that are not disclosed. */
  readonly unreviewed: number;
  /** Marked relevant, used or exculpatory, and yet not in this disclosure. */
  readonly otherwiseMarked: number;
}

/** A schedule is read by people; a case with more has not been reviewed item by item. */
const MOST_SCHEDULED = 1_000_000;

/** LeafIndex of the items in scope, or of those that bear a mark. */
export async function itemsInScope(opened: Case, marked?: MarkLabel): Promise<number[]> {
  const out: number[] = [];
  for await (const { leaf } of leavesInForce(opened)) {
    if (leaf === null || leaf.kind !== 'item' || leaf.disposition !== 'in-scope') continue;
    if (marked === undefined || opened.state.marks.of(leaf.index).has(marked)) out.push(leaf.index);
  }
  return out;
}

/** Sorts the items in scope that are not disclosed. Every item of the case in scope is counted in one place. */
export async function unusedMaterial(opened: Case, disclosed: (index: number) => boolean): Promise<UnusedMaterial> {
  const out = {
    nonSensitive: [] as ScheduledItem[],
    sensitive: [] as ScheduledItem[],
    unreviewed: 0,
    otherwiseMarked: 0,
  };
  for await (const { leaf, derivation } of leavesInForce(opened)) {
    if (leaf === null || leaf.kind !== 'item' || leaf.disposition !== 'in-scope' || disclosed(leaf.index)) continue;
    const marks = opened.state.marks.of(leaf.index);
    const listed = marks.get('sensitive') ?? marks.get('unused');
    if (listed === undefined) {
      if (marks.size === 0) out.unreviewed++;
      else out.otherwiseMarked++;
      continue;
    }
    const list = listed.label === 'sensitive' ? out.sensitive : out.nonSensitive;
    if (list.length === MOST_SCHEDULED) throw new Error(`more than ${MOST_SCHEDULED} items on one schedule`);
    list.push({
      ...{ index: leaf.index, leaf: Buffer.from(leaf.link).toString('hex'), capture: derivation.capture },
      ...{ description: describe(leaf.item), utc: utcOf(leaf.item) },
      ...{ exculpatory: marks.has('exculpatory'), reason: listed.reason },
    });
  }
  return out;
}

/** The schedule as a table. Without reasons where its reader must not have them. */
export function scheduleCsv(items: readonly ScheduledItem[], withReasons: boolean): string {
  const head = ['number', 'item', 'description', 'sent at (UTC)', 'exculpatory', 'capture', 'leaf'];
  const rows = items.map(({ index, description, utc, exculpatory, capture, leaf, reason }, i) => [
    ...[i + 1, index, description, utc, exculpatory ? 'yes' : '', capture, leaf],
    ...(withReasons ? [reason] : []),
  ]);
  return [csvLine(withReasons ? [...head, 'reason'] : head), ...rows.map(csvLine)].join('');
}

function describe({ kind, platform, direction, body, attachments }: Item): string {
  const length = body === null ? 'no text' : `text of ${body.length} bytes`;
  const files = attachments.length === 0 ? '' : `, ${attachments.length} attachment(s)`;
  return `${kind} (${platform}${direction === null ? '' : `, ${direction}`}), ${length}${files}`;
}

function utcOf({ sentAt }: Item): string | null {
  const utc = sentAt?.utc ?? null;
  return utc === null || Math.abs(utc) > 8.64e15 ? null : new Date(utc).toISOString();
}
