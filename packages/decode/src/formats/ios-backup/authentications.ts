import type { Authentication } from '@custody/evidence';

export const NO_FILE_MAC: Authentication = {
  mechanism: 'AES-256-CBC, one key a file, no MAC',
  result: 'none',
  proves:
    'Not authenticated by the format: the password is proven by the check of the key wrap (RFC 3394), the files carry no MAC. ' +
    'Whether a file was changed after the backup was made, its encryption does not show; its length and padding were compared, no more.',
};

export const UNENCRYPTED_BACKUP: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'The backup is not encrypted. Nothing in it shows whether it was changed.',
};
