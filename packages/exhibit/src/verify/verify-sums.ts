import { sha256Hex, utf8Decode } from '@custody/bytes';
import { malformed, mismatch } from '../errors.ts';
import { SUMS_NAME } from '../member-names.ts';

/** Members of an exhibit by name. */
export type ExhibitMembers = ReadonlyMap<string, Uint8Array>;

/** `SHA-256  name` lines for every other member, none missing and none beyond. */
export function verifySums(members: ExhibitMembers): void {
  const stated = new Map<string, string>();
  for (const line of sumsText(members).split('\n')) {
    if (line === '') continue;
    const parts = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line);
    if (parts === null || stated.has(parts[2] as string)) throw malformed(`${SUMS_NAME} has a line that is no sum`);
    stated.set(parts[2] as string, parts[1] as string);
  }
  for (const [name, bytes] of members) {
    if (name === SUMS_NAME) continue;
    const sum = stated.get(name);
    if (sum === undefined) throw mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} is not listed in ${SUMS_NAME}`, { name });
    if (sum !== sha256Hex(bytes))
      throw mismatch('EXHIBIT_MEMBER_ALTERED', `${name} was altered: its SHA-256 differs`, { name });
    stated.delete(name);
  }
  for (const name of stated.keys())
    throw mismatch('EXHIBIT_MEMBER_MISSING', `${name} is listed and is not there`, { name });
}

/** Throws EXHIBIT_MEMBER_MISSING. */
export function memberOf(members: ExhibitMembers, name: string): Uint8Array {
  const bytes = members.get(name);
  if (bytes === undefined) throw mismatch('EXHIBIT_MEMBER_MISSING', `the exhibit has no ${name}`, { name });
  return bytes;
}

function sumsText(members: ExhibitMembers): string {
  try {
    return utf8Decode(memberOf(members, SUMS_NAME));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EXHIBIT_MEMBER_MISSING') throw cause;
    throw malformed(`${SUMS_NAME} is not text in UTF-8`);
  }
}
