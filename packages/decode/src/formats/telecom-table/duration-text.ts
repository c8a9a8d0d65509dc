/** `h:mm:ss` or `mm:ss`, and parts of seconds. */
const CLOCK = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{2})(?:[.,]\d+)?$/;
const SECONDS = /^(\d{1,9})(?:[.,]\d+)?\s*(?:s|sec|secs|seconds|sek|sekunden)?\.?$/i;
/** `1h 5m 3s`, and ISO 8601 `PT1H5M3S`. */
const UNITS =
  /^(?:PT)?(?:(\d{1,4})\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,5})\s*m(?:in(?:utes?|s)?)?)?\s*(?:(\d{1,6})\s*s(?:ec(?:onds?|s)?)?)?$/i;

/** Whole seconds of a duration; null for what cannot be read as one. A number alone is seconds. */
export function durationSeconds(text: string): number | null {
  const seconds = SECONDS.exec(text);
  if (seconds !== null) return Number(seconds[1]);
  const clock = CLOCK.exec(text);
  if (clock !== null) return (Number(clock[1] ?? 0) * 60 + Number(clock[2])) * 60 + Number(clock[3]);
  const units = UNITS.exec(text);
  if (units === null || !/\d/.test(text)) return null;
  return (Number(units[1] ?? 0) * 60 + Number(units[2] ?? 0)) * 60 + Number(units[3] ?? 0);
}
