import type { Authentication } from '@custody/evidence';

export const GCM_VERIFIED: Authentication = {
  mechanism: 'AES-256-GCM tag over the whole backup',
  result: 'verified',
  proves:
    'The backup was not changed since somebody who had the supplied key made it. It does not show who that was, nor ' +
    'who wrote any message: whoever has the key can make a backup with any content.',
};

export const UNAUTHENTICATED: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'The database was supplied in clear. Nothing in it shows whether it was changed.',
};
