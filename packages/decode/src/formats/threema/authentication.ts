import type { Authentication } from '@custody/evidence';

const WHO =
  'It does not show who that was, nor who wrote any message: whoever has the password can make a backup with any content.';

export const MEMBER_VERIFIED: Authentication = {
  mechanism: 'HMAC-SHA1, cut to 80 bits, over the encrypted member of the ZIP (WinZip AES)',
  result: 'verified',
  proves:
    'The content of this member was not changed since somebody who had the password made the backup; its name and place in ' +
    `the ZIP are not protected, so a member could have been renamed, added from another backup or taken out. ${WHO}`,
};

/** For a member that stands in clear: the app encrypts all of them. */
export const MEMBER_IN_CLEAR: Authentication = {
  mechanism: 'none: this member of the ZIP is not encrypted',
  result: 'none',
  proves: 'Nothing: anybody could have written this member, with or without the password.',
};
