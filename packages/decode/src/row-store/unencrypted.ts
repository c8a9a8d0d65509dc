import type { Authentication } from '@custody/evidence';

export const UNENCRYPTED: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'The database was supplied in clear. Nothing in it shows whether it was changed.',
};
