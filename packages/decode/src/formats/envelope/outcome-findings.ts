/** The finding for each way in which a payload does not open. */
export const FINDING_OF = {
  failed: 'AUTHENTICATION_FAILED',
  noise: 'KEY_NOT_VERIFIED',
  'key-missing': 'KEY_MISSING',
  unsupported: 'UNSUPPORTED_VERSION',
  malformed: 'RECORD_MALFORMED',
  'too-long': 'LIMIT_EXCEEDED',
} as const;

/** Codes that lose one record. */
export type FindingOfRecord = (typeof FINDING_OF)[keyof typeof FINDING_OF] | 'TRUNCATED';
