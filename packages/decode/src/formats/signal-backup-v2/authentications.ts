import type { Authentication } from '@custody/evidence';

export const MAC_VERIFIED: Authentication = {
  mechanism: 'HMAC-SHA256 over the whole backup',
  result: 'verified',
  proves:
    'The backup was not changed since somebody who had the account entropy pool made it. It does not show who that was, ' +
    'nor who wrote any message: whoever has the pool can make a backup with any content.',
};

export const MAC_FAILED: Authentication = {
  mechanism: 'HMAC-SHA256 over the whole backup',
  result: 'failed',
  proves:
    'The bytes that this was read from may have been changed by anybody: the MAC over the backup does not verify. It was ' +
    'decoded on request. Nothing shows that it stood there when the backup was made.',
};

export const IN_CLEAR: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'The frames were supplied in clear. Nothing in them shows whether they were changed.',
};
