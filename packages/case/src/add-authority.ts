import { createHash } from 'node:crypto';
import { type Authority, readAuthority } from '@custody/evidence';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';
import { requireKeysOnce } from './require-keys-once.ts';

/**
 * Records an authority. `text` is the warrant file as given; every mistake in it is reported at once.
 * Throws UsageError ARGUMENT_INVALID, AUTHORITY_INVALID, AUTHORITY_EXISTS.
 */
export async function addAuthority(opened: Case, text: string): Promise<Authority> {
  const value = parse(text);
  requireKeysOnce(text, 'the warrant');
  const authority = readAuthority(value);
  if (opened.state.authorities.has(authority.id)) {
    throw usage(
      'AUTHORITY_EXISTS',
      `the case has an authority "${authority.id}" already: an amendment gets an id of its own`,
    );
  }
  const event = opened.draft('authority', {
    authority: authority.id,
    subject: new Map([
      ['file', createHash('sha256').update(text).digest('hex')],
      ['id', authority.id],
    ]),
    detail: new Map([['authority', JSON.stringify(authority)]]),
  });
  await opened.append([event]);
  return authority;
}

/** What the authority does not restrict, for display wherever scope counts. */
export function unrestricted({ scope, privileged }: Authority): string[] {
  const out: string[] = [];
  if (scope.targets === undefined) out.push('targets: UNRESTRICTED');
  if (scope.platforms === undefined) out.push('platforms: UNRESTRICTED');
  if (scope.contentClasses === undefined) out.push('content classes: UNRESTRICTED');
  if (scope.undated !== 'undecided') out.push('contacts, accounts, devices, memberships without a time: IN SCOPE');
  if (privileged === undefined || privileged.length === 0) out.push('privileged parties: NONE NAMED');
  return out;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usage(
      'ARGUMENT_INVALID',
      `the warrant file is not JSON: ${(error as Error).message.replace(/ in JSON.*/s, '')}`,
    );
  }
}
