/** `2024-03-31` or an ISO 8601 date and time with its zone. */
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const DAY_MS = 86_400_000;

/** True for a time an authority may state. A time of day without a zone is refused: it could mean two instants. */
export function isAuthorityTime(text: string): boolean {
  const parts = SHAPE.exec(text);
  if (parts === null || Number.isNaN(Date.parse(text))) return false;
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  return date.getUTCMonth() === Number(parts[2]) - 1 && date.getUTCDate() === Number(parts[3]);
}

/** First millisecond (UTC) that the text covers. A date is a whole UTC day. */
export function startOf(text: string): number {
  return Date.parse(text);
}

/** First millisecond (UTC) after what the text covers: a date covers its whole day, a time is itself the end. */
export function endOf(text: string): number {
  return text.includes('T') ? Date.parse(text) : Date.parse(text) + DAY_MS;
}

/** Milliseconds (UTC) of a time that a person typed; NaN where it is none. Without a zone it is UTC: Date.parse would take the machine's own. */
export function typedTime(text: string): number {
  const isZoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || /^\d{4}(-\d{2}){0,2}$/.test(text);
  return Date.parse(isZoned ? text : `${text}Z`);
}
