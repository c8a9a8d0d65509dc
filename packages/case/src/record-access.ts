import type { CborValue } from '@custody/bytes';
import type { Case } from './open-case.ts';

/**
 * Appends who looks at what and why, before anything is shown. Who may not append may not look: NO_RIGHTS, exit 4. On a
 * store that cannot be written (a read-only copy) looking is allowed, and the answer says that it was not logged.
 */
export async function recordAccess(
  opened: Case,
  act: string,
  about: { readonly reason?: string; readonly parameters: Readonly<Record<string, CborValue>> },
): Promise<boolean> {
  const event = opened.draft('access', {
    ...(about.reason === undefined ? {} : { reason: about.reason }),
    subject: new Map([['act', act]]),
    detail: new Map(Object.entries(about.parameters)),
  });
  try {
    await opened.append([event]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'STORE_READ_ONLY') return false;
    throw error;
  }
}

/** Says in an answer that it was not logged; nothing where it was. */
export function notLogged(logged: boolean): { readonly logged?: false } {
  return logged ? {} : { logged: false };
}
