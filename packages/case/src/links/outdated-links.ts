import { INDEX_PREFIX, LINKS_PREFIX, linksLabelOf } from '@custody/search';
import type { Vault } from '@custody/vault';

/** Orders and decisions that the log had when this links index was made; null for another object. */
function madeAfter(name: string): number | null {
  const number = /^(\d+)-[0-9a-f]+$/.exec(linksLabelOf(name) ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

/** True for an object of a links index from before the `rewrites`-th order or decision, counted from 1. */
export function isOutdatedLinks(name: string, rewrites: number): boolean {
  const made = madeAfter(name);
  return made !== null && made < rewrites;
}

/** Those that stand. */
export async function outdatedLinks(vault: Vault, rewrites: number): Promise<string[]> {
  const out: string[] = [];
  for (const prefix of [`${INDEX_PREFIX}keys/links/`, LINKS_PREFIX]) {
    for await (const { name, length } of vault.list(prefix)) {
      if (length > 0 && isOutdatedLinks(name, rewrites)) out.push(name);
    }
  }
  return out;
}
