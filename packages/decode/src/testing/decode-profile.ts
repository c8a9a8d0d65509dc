import type { ByteSource } from '../byte-source.ts';
import type { Format } from '../format.ts';
import { envelopeFormat, planDump } from '../formats/envelope/envelope-format.ts';
import type { SuppliedKey } from '../keyring.ts';
import type { Profile } from '../profile/profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { type Decoded, decodeAll } from './decode-all.ts';

/** Decodes a dump by a profile that is still without cases; everything else is as in a case. */
export function decodeProfile(
  profile: Omit<Profile, 'custodyProfile'>,
  dump: Uint8Array | string,
  keys: readonly SuppliedKey[] = [],
): Promise<Decoded> {
  const format = profiledFormat(profile);
  return decodeAll(format, { name: 'd', source: overwritingSource(Buffer.from(dump as string)) }, { keys });
}

/** The format that a profile without cases describes. */
export function profiledFormat(profile: Omit<Profile, 'custodyProfile'>): Format {
  const answer = { record: {}, expect: { outcome: 'unsealed' } };
  const read = readProfile({ ...profile, custodyProfile: 2, knownAnswers: [answer], tampered: [answer] });
  return {
    ...envelopeFormat(read.container.kind),
    prepare: (file, context) => planDump(file, read, context),
  };
}

/** As harsh as a source may be: what it gives is a Buffer inside a larger one, which the next read overwrites. */
function overwritingSource(bytes: Buffer): ByteSource {
  let given = Buffer.alloc(0);
  return {
    length: bytes.length,
    read(offset, length) {
      given.fill(0xee);
      const part = bytes.subarray(offset, offset + length);
      given = Buffer.alloc(part.length + 3);
      part.copy(given, 3);
      return given.subarray(3);
    },
  };
}
