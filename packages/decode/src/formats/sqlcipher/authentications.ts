import type { Authentication } from '@custody/evidence';

export const PAGE_VERIFIED: Authentication = {
  mechanism: 'HMAC over each database page (SQLCipher)',
  result: 'verified',
  proves:
    'Each page of this database was written by somebody who had the key, for this place in it. It does not show who that was, nor ' +
    'who wrote any message, nor that all pages are of the same time: whoever has the key can write any content, and older ' +
    'pages of the same database fit as well.',
};

export const DECRYPTED_ONLY: Authentication = {
  mechanism: 'AES-256-CBC without a MAC (SQLCipher without HMAC)',
  result: 'none',
  proves:
    'Decrypted, not authenticated: pages carry no MAC. That the content reads as a database shows that the key is right. A change to ' +
    'the encrypted file may have gone unnoticed.',
};
