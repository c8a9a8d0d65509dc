import type { Ledger } from '@custody/segment';
import { isOrderedName } from './ordered/order-object.ts';
import { isStretchName } from './stretches/stretch-object.ts';

/** Objects that a writer makes before it commits, under names only it uses. */
export function isLeftover(ledger: Ledger, name: string): boolean {
  if (/^(events|openings|supplied|originals|rewrites|secrets\/originals)\/[0-9a-f]+(\.pin)?$/.test(name)) return true;
  if (/^anchors\/\d+-[0-9a-f]{16}\/[a-z.]+$/.test(name)) return true;
  const derivation = /^(?:leaves|segments|secrets\/segments|secrets\/index)\/(\d+)\//.exec(name)?.[1];
  return derivation !== undefined && ledger.entries[Number(derivation)]?.kind === 'derive';
}

/** What the workers of a derivation told each other. No commit rests on it: it is authenticated where it is read. */
export function isOfWorkers(ledger: Ledger, name: string): boolean {
  if (isOrderedName(name)) return true;
  return isStretchName(name) && ledger.entries[Number(name.split('/')[1])]?.kind === 'derive';
}
