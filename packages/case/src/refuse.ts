import { RefusedError } from './errors.ts';
import type { Case } from './open-case.ts';

/** Records that an act was refused and why, then throws: a refusal is evidence, too. */
export async function refuse(opened: Case, act: string, why: string, authority?: string): Promise<never> {
  const event = opened.draft('refuse', {
    ...(authority === undefined ? {} : { authority }),
    subject: new Map([['act', act]]),
    detail: new Map([['why', why]]),
  });
  await opened.append([event]);
  throw new RefusedError('AUTHORITY_REFUSES', `refused: ${why}. The refusal is recorded in the log`);
}
