import type { Case } from './open-case.ts';

/**
 * Looks at what the log published before it is shown: a log whose end was cut off tells nothing of it by itself. Throws
 * IntegrityError LOG_ROLLED_BACK, LOG_FORKED.
 */
export async function requireWholeLog(opened: Case): Promise<void> {
  await opened.ledger.view.look(() => opened.refresh());
}
