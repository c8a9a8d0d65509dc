import { discardSources, type MergeOutcome, mergeTile } from '@custody/search';
import type { Vault } from '@custody/vault';
import type { MergeOrder, MergeThreadJob } from './merge-job.ts';

/** Makes one tile; what it covers is removed, unless it is to stay. Errors as mergeTile. */
export async function mergeOrder(
  vault: Vault,
  { tile, sources }: MergeOrder,
  { keepNarrow, ...keys }: Pick<MergeThreadJob, 'keepNarrow' | 'recipient' | 'identities'>,
): Promise<MergeOutcome> {
  const outcome = await mergeTile(vault, tile, sources, keys);
  if (outcome !== 'missing' && !keepNarrow) await discardSources(vault, sources);
  return outcome;
}
