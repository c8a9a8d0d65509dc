/** Minutes east of UTC of `UTC`, `Z` or `+hh:mm`. */
export function readOffset(zone: string): number {
  if (zone === 'UTC' || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}
