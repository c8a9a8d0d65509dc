import type { Instant } from '@custody/evidence';

/** Last millisecond that a Date can hold. */
const TIME_MAX = 8_640_000_000_000_000;

/** `2024-03-02 10:00:00.000`, or null where UTC cannot be told. */
export function utcText({ utc }: Instant): string | null {
  if (utc === null || !Number.isFinite(utc) || Math.abs(utc) > TIME_MAX) return null;
  return new Date(utc).toISOString().replace('T', ' ').replace('Z', '');
}

/**
 * The same instant on the clocks of `zone`, or of the zone that the time itself states; null where neither is known to
 * this machine. The text is for reading: what is proven is UTC and the text as found.
 */
export function localText(
  instant: Instant,
  zone: string | null,
): { readonly time: string; readonly zone: string } | null {
  const wanted = zone ?? instant.zone;
  if (wanted === null || wanted === 'UTC' || utcText(instant) === null) return null;
  const format = formatOf(wanted);
  if (format === null) return null;
  const parts = new Map(format.formatToParts(instant.utc as number).map(({ type, value }) => [type, value]));
  const at = (part: Intl.DateTimeFormatPartTypes) => parts.get(part) ?? '';
  const time = `${at('year')}-${at('month')}-${at('day')} ${at('hour')}:${at('minute')}:${at('second')}`;
  return { time, zone: `${wanted} ${at('timeZoneName')}`.trim() };
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** The zone comes from a stranger's file: what no machine knows is no zone. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  if (formats.size > 1000) formats.clear();
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'longOffset' },
    });
  } catch {}
  formats.set(zone, format);
  return format;
}
