import type { Format } from '../format.ts';
import { envelopeFormat, planDump } from '../formats/envelope/envelope-format.ts';
import type { SuppliedKey } from '../keyring.ts';
import type { Profile } from '../profile/profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { type Decoded, decodeAll } from './decode-all.ts';
import { memorySource } from './memory-source.ts';

/** Decodes a dump by a profile that is still without cases; everything else is as in a case. */
export function decodeProfile(
  profile: Omit<Profile, 'custodyProfile'>,
  dump: Uint8Array | string,
  keys: readonly SuppliedKey[] = [],
): Promise<Decoded> {
  const answer = { record: {}, expect: { outcome: 'unsealed' } };
  const read = readProfile({ ...profile, custodyProfile: 2, knownAnswers: [answer], tampered: [answer] });
  const format: Format = {
    ...envelopeFormat(read.container.kind),
    prepare: (file, context) => planDump(file, read, context),
  };
  return decodeAll(format, { name: 'd', source: memorySource(Buffer.from(dump as string)) }, { keys });
}
