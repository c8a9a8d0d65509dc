import envelopeCsv from './builtin/envelope-csv.json' with { type: 'json' };
import envelopeNdjson from './builtin/envelope-ndjson.json' with { type: 'json' };
import type { Profile } from './profile.ts';
import { readProfile } from './read-profile.ts';

let known: readonly Profile[] | null = null;

/** The profiles that come with custody, checked when they are first asked for. A lab adds its own as a file beside the dump. */
export function builtinProfiles(): readonly Profile[] {
  known ??= [readProfile(envelopeNdjson), readProfile(envelopeCsv)];
  return known;
}
