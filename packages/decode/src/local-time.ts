/** What a local time means in UTC. `ambiguous`: it exists twice or not at all there (a change of the clocks). */
export interface LocalReading {
  readonly utc: number | null;
  readonly ambiguous: boolean;
}

const HOUR = 3_600_000;
const MOST_KEPT = 4096;

/** Local times of one zone, an offset (`+02:00`), `UTC` or an IANA name, with the answers for an hour kept. */
export class LocalTimes {
  readonly #fixed: number | null;
  readonly #format: Intl.DateTimeFormat | null;
  readonly #hours = new Map<number, readonly number[]>();

  /** Throws RangeError for a zone that does not exist. */
  constructor(zone: string) {
    this.#fixed = fixedOffset(zone);
    this.#format =
      this.#fixed !== null
        ? null
        : new Intl.DateTimeFormat('en-US', {
            timeZone: zone,
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  /** `local`: the wall clock as if it were UTC, in milliseconds. */
  read(local: number): LocalReading {
    if (this.#fixed !== null) return { utc: local - this.#fixed, ambiguous: false };
    const offsets = this.#offsets(local);
    const [first] = offsets;
    if (offsets.length === 1) return { utc: local - (first as number), ambiguous: false };
    return { utc: null, ambiguous: true };
  }

  /** Offsets under which that wall clock shows this time: one; two when clocks go back, none when they go forward. */
  #offsets(local: number): readonly number[] {
    const quarter = Math.floor(local / (HOUR / 4));
    let known = this.#hours.get(quarter);
    if (known === undefined) {
      const at = quarter * (HOUR / 4);
      const near = new Set([this.#offsetAt(at - 15 * HOUR), this.#offsetAt(at + 15 * HOUR), this.#offsetAt(at)]);
      known = [...near].filter((offset) => this.#offsetAt(at - offset) === offset);
      if (this.#hours.size >= MOST_KEPT) this.#hours.clear();
      this.#hours.set(quarter, known);
    }
    return known;
  }

  #offsetAt(utc: number): number {
    const parts = new Map(
      (this.#format as Intl.DateTimeFormat).formatToParts(utc).map(({ type, value }) => [type, Number(value)]),
    );
    const of = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) as number;
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return shown - Math.floor(utc / 1000) * 1000;
  }
}

function fixedOffset(zone: string): number | null {
  if (zone === 'UTC' || zone === 'Z' || zone === 'GMT') return 0;
  const parts = /^([+-])(\d{2}):(\d{2})$/.exec(zone);
  if (parts === null) return null;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
}

/** True for a zone that local times can be read in. */
export function isZone(zone: string): boolean {
  try {
    new LocalTimes(zone);
    return true;
  } catch {
    return false;
  }
}
