import type { ByteSource } from '../../byte-source.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { unpackMember, type ZipMember } from '../../zip/index.ts';

export type Extracted = { readonly handle: ScratchHandle; discard(): void } | { readonly problem: string };

/** A member of a ZIP in a scratch file of its own. */
export async function extractTo(scratch: Scratch, zip: ByteSource, member: ZipMember): Promise<Extracted> {
  const file = scratch.create();
  const outcome = await unpackMember(zip, member, { password: null, onBytes: (bytes) => file.append(bytes) });
  if (outcome.end === 'whole' && outcome.crcMatches !== false) {
    return { handle: file.finish(), discard: () => file.discard() };
  }
  file.discard();
  const why = outcome.end === 'whole' ? 'its CRC-32 does not match' : outcome.end;
  return { problem: `The member cannot be unpacked (${why}).` };
}
