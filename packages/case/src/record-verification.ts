import { CustodyError } from '@custody/bytes';
import type { CaseVerdict } from './case-verdict.ts';
import { openCase } from './open-case.ts';
import type { Person } from './person.ts';

/**
 * Appends who verified the case, how far, and that all agreed, before the answer is shown. Nothing is signed on top of a case
 * that failed: then the report is the record. Verifying needs no right to append, so false, and no error, where the person
 * has none, holds nothing of the case, or the store cannot be written.
 */
export async function recordVerification(
  location: string,
  verdict: CaseVerdict,
  by: { readonly person: Person | null; readonly verifierKey?: string; readonly rederived?: 'equal' | 'different' },
): Promise<boolean> {
  const { person, verifierKey, rederived } = by;
  if (!verdict.ok || person === null) return false;
  try {
    const opened = await openCase(location, { person, ...(verifierKey !== undefined && { verifierKey }) });
    if (opened.held.log === undefined || opened.state.keys === null) return false;
    const event = opened.draft('verify', {
      subject: new Map<string, string | number>([
        ['act', rederived === undefined ? 'case' : 'case, originals decoded again'],
        ['size', verdict.checkpoint?.size ?? 0],
        ['root', verdict.checkpoint?.root ?? ''],
      ]),
      detail: new Map<string, string | number | boolean>([
        ['ok', verdict.ok],
        ...(rederived === undefined ? [] : [['rederived', rederived] as const]),
        ['verifierKey', verdict.verifierKey.key],
        ['keySource', verdict.verifierKey.source],
        ...Object.entries(verdict.checked),
      ]),
    });
    await opened.append([event]);
    return true;
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}
