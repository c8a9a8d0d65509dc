import { partyName } from './pair-key.ts';
import { type Check, CITED, type ReconcileLine, type SeenItem } from './reconcile-line.ts';

const DAY = 86_400_000;
/** Ours: a device is silent when nothing comes for three days and for twenty times its usual interval. */
const SILENT_MS = 3 * DAY;
const SILENT_TIMES = 20;
const SAME_SIGN_MS = 60_000;
const FEWEST = 5;
const MOST_LINES = 200;
/** Times of messages and calls, eight bytes each; beyond, silence is told to be unknown. */
const MOST_KEPT = 20_000_000;

/** Conversations in which only one side ever writes, while the other is known to write elsewhere. */
export class ConversationCheck implements Check {
  readonly #pairs = new Map<string, { count: number; first: number }>();
  readonly #writers = new Set<string>();

  item({ index, item }: SeenItem): void {
    if (item.kind !== 'message' || item.sender === null || item.recipients?.length !== 1) return;
    // A word in place of a number (`BANK`): nobody can write back to it.
    if (item.sender.type === 'sender-id') return;
    const [from, to] = [partyName(item.sender), partyName(item.recipients[0] as { type: string; value: string })];
    this.#writers.add(from);
    const key = `${from}\n${to}`;
    const known = this.#pairs.get(key);
    if (known === undefined) this.#pairs.set(key, { count: 1, first: index });
    else known.count++;
  }

  *lines(): Generator<ReconcileLine> {
    let both = 0;
    const alone: ReconcileLine[] = [];
    for (const [key, { count, first }] of this.#pairs) {
      const [from = '', to = ''] = key.split('\n');
      if (this.#pairs.has(`${to}\n${from}`)) both++;
      else if (this.#writers.has(to)) {
        const detail = `${count} message(s) from ${from} to ${to} and none back, though ${to} writes elsewhere`;
        alone.push({ check: 'conversation', result: 'unknown', from, to, count, detail, items: [first] });
      }
    }
    const detail = `${both / 2} conversation(s) have both sides, ${alone.length} only one though the other side writes elsewhere`;
    yield {
      check: 'conversation',
      result: alone.length === 0 ? 'agrees' : 'unknown',
      both: both / 2,
      oneSided: alone.length,
      detail,
    };
    yield* alone.slice(0, MOST_LINES);
  }
}

/** Periods without anything from a device that had been busy: whether nothing was sent or nothing kept cannot be told. */
export class SilenceCheck implements Check {
  readonly #times = new Map<string, number[]>();
  #kept = 0;

  item({ item }: SeenItem): void {
    const device = item.kind === 'message' || item.kind === 'call' ? (item.sender ?? item.owner) : null;
    const sent = item.sentAt?.utc ?? null;
    if (device === null || sent === null || ++this.#kept > MOST_KEPT) return;
    const name = partyName(device);
    const times = this.#times.get(name);
    if (times === undefined) this.#times.set(name, [sent]);
    else times.push(sent);
  }

  *lines(): Generator<ReconcileLine> {
    if (this.#kept > MOST_KEPT) {
      const detail = `more than ${MOST_KEPT} messages and calls: silent periods were not looked for`;
      yield { check: 'silence', result: 'unknown', detail };
      return;
    }
    let found = 0;
    for (const [device, all] of this.#times) {
      const times = signsOfLife(all);
      if (times.length < FEWEST) continue;
      const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
      const median = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] as number;
      for (const [i, gap] of gaps.entries()) {
        if (gap < SILENT_MS || gap < median * SILENT_TIMES || ++found > MOST_LINES) continue;
        const [from, to] = [times[i] as number, times[i + 1] as number].map((ms) => new Date(ms).toISOString());
        const detail = `nothing from ${device} for ${Math.round(gap / DAY)} day(s), usually something every ${Math.round(median / 60_000)} min`;
        yield { check: 'silence', result: 'unknown', device, from, to, medianMs: median, detail };
      }
    }
    const detail = `${found} silent period(s) of ${this.#times.size} device(s) or numbers: whether nothing was sent or nothing was kept cannot be told`;
    yield { check: 'silence', result: found === 0 ? 'agrees' : 'unknown', periods: found, detail };
  }
}

/** Two copies of one message, by two clocks or written to the second in one, are one sign of life. */
function signsOfLife(all: readonly number[]): number[] {
  const times: number[] = [];
  for (const time of Float64Array.from(all).sort()) {
    if (times.length === 0 || time - (times.at(-1) as number) >= SAME_SIGN_MS) times.push(time);
  }
  return times;
}

/** Sender's against receiver's or server's clock, where a record has both. */
export class ClockCheck implements Check {
  readonly #offsets = new Map<string, { ms: number[]; negative: number[] }>();

  item({ index, capture, item }: SeenItem): void {
    const sent = item.sentAt;
    const received = item.times?.get('received');
    if (sent?.utc == null || received?.utc == null) return;
    const key = [capture, item.locator.path.split('!')[0], sent.clock, received.clock].join('\n');
    const known = this.#offsets.get(key) ?? { ms: [], negative: [] };
    const offset = received.utc - sent.utc;
    known.ms.push(offset);
    if (offset < 0 && known.negative.length < CITED) known.negative.push(index);
    this.#offsets.set(key, known);
  }

  *lines(): Generator<ReconcileLine> {
    for (const [key, { ms, negative }] of this.#offsets) {
      const [capture = '', file = '', sender, receiver] = key.split('\n');
      ms.sort((a, b) => a - b);
      const [least, median, most] = [ms[0], ms[Math.floor(ms.length / 2)], ms.at(-1)];
      const backwards = ms.filter((one) => one < 0).length;
      const detail = `received ${median} ms after sent (median of ${ms.length}, ${least} to ${most}); ${backwards} received before they were sent`;
      const clocks = { sender, receiver };
      const named = { check: 'clock', capture, file, clocks, count: ms.length, offsetMs: { least, median, most } };
      yield { ...named, result: backwards === 0 ? 'agrees' : 'broken', detail, items: negative };
    }
    if (this.#offsets.size > 0) return;
    yield {
      check: 'clock',
      result: 'unknown',
      detail: 'no record has both the time it was sent and the time it was received',
    };
  }
}
