import type { Authentication } from '@custody/evidence';

export const STREAM_VERIFIED: Authentication = {
  mechanism: 'XChaCha20-Poly1305 (libsodium secretstream) over the whole backup',
  result: 'verified',
  proves:
    'The backup was not changed since somebody who had the password made it. It does not show who that was, nor who wrote any ' +
    'message: whoever has the password can make a backup with any content.',
};
