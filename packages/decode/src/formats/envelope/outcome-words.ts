import type { Finding, Item } from '@custody/evidence';
import type { CaseOutcome } from '../../profile/profile-case.ts';

const OF_FINDING: Readonly<Partial<Record<Finding['code'], CaseOutcome>>> = {
  AUTHENTICATION_FAILED: 'authentication-failed',
  KEY_MISSING: 'key-missing',
  KEY_NOT_VERIFIED: 'key-not-verified',
  UNSUPPORTED_VERSION: 'unsupported',
  RECORD_MALFORMED: 'malformed',
  TRUNCATED: 'malformed',
  LIMIT_EXCEEDED: 'limit-exceeded',
  NOT_COVERED: 'not-covered',
};

const OF_ITEM = {
  verified: 'authenticated',
  'not-verified': 'not-authenticated',
  none: 'unsealed',
  failed: 'authentication-failed',
} as const;

/** What a finding says has become of its records; null: it is about something else. */
export function outcomeOfFinding({ code }: Finding): CaseOutcome | null {
  return OF_FINDING[code] ?? null;
}

export function outcomeOfItem({ authentication }: Item): CaseOutcome {
  return OF_ITEM[authentication?.result ?? 'none'];
}
