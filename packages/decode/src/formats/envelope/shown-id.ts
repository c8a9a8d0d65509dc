/** The id of a key as findings show it: it comes from a stranger. */
export function shownId(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}
