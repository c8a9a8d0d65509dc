import envelopeCsv from './builtin/envelope-csv.json' with { type: 'json' };
import envelopeNdjson from './builtin/envelope-ndjson.json' with { type: 'json' };
import type { Profile } from './profile.ts';
import { readProfile } from './read-profile.ts';

/** The profiles that come with custody. A lab adds its own as a file beside the dump. */
export const builtinProfiles: readonly Profile[] = [readProfile(envelopeNdjson), readProfile(envelopeCsv)];
