import type { Case } from './open-case.ts';
import { refuse } from './refuse.ts';

/** An authority may allow a capture to be used as intelligence only: then nothing of it is disclosed, and that is recorded. */
export async function checkUse(
  opened: Case,
  act: 'exhibit' | 'export',
  { authority, index }: { readonly authority: string; readonly index: number },
): Promise<void> {
  if (opened.state.authorities.get(authority)?.authority.use !== 'intelligence-only') return;
  const why = `authority "${authority}", which item ${index} came under, allows use as intelligence only`;
  await refuse(opened, act, why, authority);
}
