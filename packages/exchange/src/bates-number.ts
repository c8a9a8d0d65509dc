/** A number of eight digits behind the exhibit reference, or behind CUSTODY where there is none that a number can bear. */
export function batesNumber(exhibitRef: string | null, number: number): string {
  const prefix = (exhibitRef ?? '').replace(/[^A-Za-z0-9_-]/g, '');
  return `${prefix === '' ? 'CUSTODY' : prefix}${String(number).padStart(8, '0')}`;
}
