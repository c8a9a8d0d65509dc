import { timePartOf } from './heading-words.ts';
import { type ColumnRole, repeatable } from './roles.ts';

/** What a column is, and where the other half of its time stands: `clockAt` the time of day, `dayAt` the day. */
export interface ColumnPlace {
  readonly role: ColumnRole | null;
  readonly clockAt?: number;
  readonly dayAt?: number;
}

const TIMES: ReadonlySet<ColumnRole> = new Set<ColumnRole>(['time', 'start', 'end', 'received']);

/**
 * A role is given once: of two columns with one heading the second is not decided, save where several make sense. Of a
 * column of days and one of times of day the former has the role, and says where the latter stands.
 */
export function placesOf(names: readonly string[], wanted: readonly (ColumnRole | null)[]): ColumnPlace[] {
  const first = new Map<ColumnRole, number>();
  const places: ColumnPlace[] = wanted.map(() => ({ role: null }));
  for (const [i, role] of wanted.entries()) {
    if (role === null) continue;
    const taken = first.get(role);
    if (taken === undefined || repeatable.has(role)) {
      first.set(role, taken ?? i);
      places[i] = { role };
    } else if (TIMES.has(role)) joinHalves(names, places, { role, taken, i });
  }
  stated(places);
  const day = places.findIndex(({ role }, i) => isPart(names, i, 'date') && (role === 'time' || role === 'start'));
  if (day < 0) return places;
  return places.map((place, i) =>
    i !== day && place.role !== null && TIMES.has(place.role) && isPart(names, i, 'clock')
      ? { ...place, dayAt: day }
      : place,
  );
}

function isPart(names: readonly string[], i: number, part: 'date' | 'clock'): boolean {
  return timePartOf(withoutZone(names[i] as string)) === part;
}

function withoutZone(name: string): string {
  return name.replace(/[([].*$/, '');
}

function joinHalves(
  names: readonly string[],
  places: ColumnPlace[],
  { role, taken, i }: { role: ColumnRole; taken: number; i: number },
): void {
  for (const [day, clock] of [
    [taken, i],
    [i, taken],
  ] as const) {
    if (places[taken]?.clockAt !== undefined || !isPart(names, day, 'date') || !isPart(names, clock, 'clock')) continue;
    places[day] = { role, clockAt: clock };
    places[clock] = { role: 'timeofday' };
    return;
  }
}

/** By a table profile: a time of day belongs to the column of times before it. */
function stated(places: ColumnPlace[]): void {
  const joined = new Set(places.map(({ clockAt }) => clockAt));
  for (const [i, { role }] of places.entries()) {
    if (role !== 'timeofday' || joined.has(i)) continue;
    const day = places.findLastIndex((place, at) => at < i && place.role !== null && TIMES.has(place.role));
    if (day >= 0 && places[day]?.clockAt === undefined) places[day] = { ...(places[day] as ColumnPlace), clockAt: i };
  }
}
