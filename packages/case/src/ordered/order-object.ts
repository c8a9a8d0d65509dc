import { randomBytes } from 'node:crypto';
import { hexEncode } from '@custody/bytes';
import type { Vault } from '@custody/vault';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';

/** Exhibits that workers make: `REWRITES-RANDOM/order`, `…/done` and `…/zip-BUILD`; derived, and named by no commit. */
export const ORDERED_PREFIX = 'exhibits/';
const LABEL = /^(\d{1,10})-[0-9a-f]{32}$/;
const NAME = /^exhibits\/(\d{1,10})-[0-9a-f]{32}\/(?:order|done|zip-[0-9a-f]{16})$/;

/**
 * A label that nobody else draws. It begins with how many orders and decisions the log has: what was made before one
 * of them may show what has to be gone, and goes with it.
 */
export function newOrderLabel(opened: Case): string {
  return `${opened.ledger.rewrites.all.length}-${hexEncode(randomBytes(16))}`;
}

/** Whoever can write to Redis, or types, controls a label. Throws UsageError ARGUMENT_INVALID. */
export function orderedName(label: string, what: 'order' | 'done' | `zip-${string}`): string {
  if (!LABEL.test(label)) throw usage('ARGUMENT_INVALID', `"${label.slice(0, 60)}" is no label of an ordered exhibit`);
  return `${ORDERED_PREFIX}${label}/${what}`;
}

/** Whether a name is one of an ordered exhibit. */
export function isOrderedName(name: string): boolean {
  return NAME.test(name);
}

/** True for what was ordered or made before the `rewrites`-th order or decision, counted from 1. */
export function isOutdatedOrder(name: string, rewrites: number): boolean {
  const made = NAME.exec(name)?.[1];
  return made !== undefined && Number(made) < rewrites;
}

/** Those that stand. */
export async function outdatedOrders(vault: Vault, rewrites: number): Promise<string[]> {
  const out: string[] = [];
  for await (const { name, length } of vault.list(ORDERED_PREFIX))
    if (length > 0 && isOutdatedOrder(name, rewrites)) out.push(name);
  return out;
}
