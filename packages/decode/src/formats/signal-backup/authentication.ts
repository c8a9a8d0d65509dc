import type { Authentication } from '@custody/evidence';

export const FRAME_VERIFIED: Authentication = {
  mechanism: 'HMAC-SHA256, cut to 80 bits, over this frame',
  result: 'verified',
  proves:
    'This row was not changed since somebody who had the passphrase made the backup. It does not show who that was, nor who ' +
    'wrote any message: whoever has the passphrase can make a backup with any content.',
};
