import { equalBytes, sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import { BAGIT_TEXT, bagInfo } from '../bag/bag-info.ts';
import { malformed, mismatch } from '../errors.ts';
import { BAG_INFO_NAME, BAGIT_NAME, PAYLOAD, SUMS_NAME, TAG_SUMS_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';

/** Members of an exhibit by name. */
export type ExhibitMembers = ReadonlyMap<string, Uint8Array>;

const TAGS: readonly string[] = [BAGIT_NAME, BAG_INFO_NAME, SUMS_NAME];

/**
 * The payload of a bag (RFC 8493) whose every file has the sum that is stated of it, none missing and none beyond, by
 * names without `data/`.
 */
export function openBag(members: ExhibitMembers): Map<string, Uint8Array> {
  const tags = new Map<string, Uint8Array>();
  const data = new Map<string, Uint8Array>();
  for (const [name, bytes] of members) {
    if (name === TAG_SUMS_NAME) continue;
    (name.startsWith(PAYLOAD) ? data : tags).set(name, bytes);
  }
  compareSums(TAG_SUMS_NAME, members, tags);
  for (const name of tags.keys()) if (!TAGS.includes(name)) throw unknown(name, 'an exhibit has no such file');
  compareSums(SUMS_NAME, members, data);
  if (!equalBytes(memberOf(members, BAGIT_NAME), utf8Encode(BAGIT_TEXT))) throw altered(BAGIT_NAME);
  return new Map([...data].map(([name, bytes]) => [name.slice(PAYLOAD.length), bytes]));
}

/** Holds `bag-info.txt` against the document that it describes. */
export function verifyBagInfo(document: ExhibitDocument, members: ExhibitMembers, payload: ExhibitMembers): void {
  if (!equalBytes(memberOf(members, BAG_INFO_NAME), bagInfo(document, payload))) throw altered(BAG_INFO_NAME);
}

/** Throws EXHIBIT_MEMBER_MISSING. */
export function memberOf(members: ExhibitMembers, name: string): Uint8Array {
  const bytes = members.get(name);
  if (bytes === undefined) throw mismatch('EXHIBIT_MEMBER_MISSING', `the exhibit has no ${name}`, { name });
  return bytes;
}

/** `SHA-256  name` lines for each of these files. */
function compareSums(list: string, members: ExhibitMembers, files: ExhibitMembers): void {
  const stated = readSums(list, memberOf(members, list));
  for (const [name, bytes] of files) {
    const sum = stated.get(name);
    if (sum === undefined) throw unknown(name, `it is not listed in ${list}`);
    if (sum !== sha256Hex(bytes)) throw altered(name);
    stated.delete(name);
  }
  for (const name of stated.keys())
    throw mismatch('EXHIBIT_MEMBER_MISSING', `${name} is listed in ${list} and is not there`, { name });
}

function readSums(list: string, bytes: Uint8Array): Map<string, string> {
  const stated = new Map<string, string>();
  for (const line of textOf(list, bytes).split('\n')) {
    if (line === '') continue;
    const [, sum, name] = /^([0-9a-f]{64}) {2}([!-~]+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined || stated.has(name))
      throw malformed(`${list} has a line that is no sum`);
    stated.set(name, sum);
  }
  return stated;
}

function textOf(list: string, bytes: Uint8Array): string {
  try {
    return utf8Decode(bytes);
  } catch {
    throw malformed(`${list} is not text in UTF-8`);
  }
}

function unknown(name: string, why: string): Error {
  return mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} does not belong to the exhibit: ${why}`, { name });
}

function altered(name: string): Error {
  return mismatch('EXHIBIT_MEMBER_ALTERED', `${name} was altered: it is not what the exhibit says of it`, { name });
}
