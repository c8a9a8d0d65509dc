import type { Authentication } from '@custody/evidence';

/** What OTR's design means in court, in every item that it protected. */
const DENIABLE =
  'OTR is deniable by design: both parties, and anybody supplied with the keys, this laboratory included, can make messages that verify the same way, so it proves no author.';

export const OTR_VERIFIED: Authentication = {
  mechanism: 'OTR version 2 or 3: HMAC-SHA1, AES-128-CTR',
  result: 'verified',
  proves: `The text is unchanged since somebody who held the keys of this conversation wrote it. ${DENIABLE}`,
};

export const OTR_MAC_REVEALED: Authentication = {
  ...OTR_VERIFIED,
  proves: `The text fits the message's MAC, whose key the conversation itself published later: from then on anybody who had seen that could change the text without a trace. ${DENIABLE}`,
};

export const OTR_UNOPENED: Authentication = {
  mechanism: 'OTR version 2 or 3: HMAC-SHA1, AES-128-CTR',
  result: 'not-verified',
  proves: 'Nothing about the text: no supplied key is the key of this message, or the message was changed.',
};

export const OMEMO_VERIFIED: Authentication = {
  mechanism: 'OMEMO payload: AES-128-GCM, or AES-256-CBC with HMAC-SHA-256',
  result: 'verified',
  proves:
    'The text is unchanged since it was encrypted under the message key that was supplied. Any recipient, and anybody supplied with that key, could have made it: who wrote it is not shown.',
};

export const OMEMO_FAILED: Authentication = {
  ...OMEMO_VERIFIED,
  result: 'failed',
  proves: 'Nothing: the payload is not what was encrypted under the message key supplied for it.',
};

export const OMEMO_UNOPENED: Authentication = {
  ...OMEMO_VERIFIED,
  result: 'not-verified',
  proves: 'Nothing about the text: no message key was supplied for it.',
};

export const CLEAR: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'Nothing: the text stands in clear in the server’s archive, which could have been changed there.',
};
