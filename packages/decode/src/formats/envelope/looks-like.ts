import type { Probe } from '../../format.ts';
import { parseProfile } from '../../profile/parse-profile.ts';
import type { Profile } from '../../profile/profile.ts';
import { readProfile } from '../../profile/read-profile.ts';
import { fitsShape } from './shape.ts';
import { asBuffer } from './stretch-memory.ts';

const NAMES: Readonly<Record<Profile['container']['kind'], RegExp>> = {
  ndjson: /\.(ndjson|jsonl)$/i,
  csv: /\.(csv|tsv|tab|txt)$/i,
  table: /\.(csv|tsv|tab|txt)$/i,
  fixed: /\.(txt|dat|prn)$/i,
  json: /\.json$/i,
  xml: /\.xml$/i,
  xlsx: /\.xlsx$/i,
  sqlite: /\.(db|sqlite3?)$/i,
  sql: /\.sql$/i,
  cbor: /\.cbor$/i,
  msgpack: /\.(msgpack|mp|mpk)$/i,
};

/** True where a file may be what a profile describes: by the fields of its first record, or by its name. */
export function looksLike(profileFile: Uint8Array, probe: Probe): boolean {
  let profile: Profile;
  try {
    profile = readProfile(parseProfile(profileFile));
  } catch {
    return true;
  }
  return (
    NAMES[profile.container.kind].test(probe.name) || (hasShape(profile) && fitsShape(profile, asBuffer(probe.head)))
  );
}

function hasShape({ container }: Profile): boolean {
  return container.kind === 'ndjson' || container.kind === 'csv';
}
