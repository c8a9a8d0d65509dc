import type { Authentication } from '@custody/evidence';
import type { OpenedMessage } from '../../openpgp/open-message.ts';

const ANYBODY = 'Anybody who has the public key can make such a message: it proves no sender.';

const CLEAR: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'Nothing: headers and text stand in clear and could have been changed wherever the message was kept.',
};
const OPENED: Readonly<Record<string, Authentication>> = {
  MDC: {
    mechanism: 'OpenPGP integrity protected data (SHA-1)',
    result: 'verified',
    proves: `The encrypted content is unchanged since it was encrypted; the headers around it are not covered. ${ANYBODY}`,
  },
  AEAD: {
    mechanism: 'OpenPGP authenticated encryption',
    result: 'verified',
    proves: `The encrypted content is unchanged since it was encrypted; the headers around it are not covered. ${ANYBODY}`,
  },
  none: {
    mechanism: 'OpenPGP encrypted data without integrity protection',
    result: 'not-verified',
    proves: 'Nothing: the content was decrypted, and nothing in the format shows whether it was changed.',
  },
};
const SIGNED: Authentication = {
  mechanism: 'OpenPGP signature over the content',
  result: 'verified',
  proves:
    'The content is what the holder of the signing key named in the fields signed; whose key that is, the message does not show, and the headers around it are not covered.',
};
const SIGNATURE_FAILED: Authentication = {
  ...SIGNED,
  result: 'failed',
  proves: 'Nothing: the content is not what was signed, or the signature is by another key than the one it names.',
};
const UNOPENED: Authentication = {
  mechanism: 'OpenPGP',
  result: 'not-verified',
  proves: 'Nothing about the content, which no supplied key opened.',
};
const FAILED: Authentication = {
  mechanism: 'OpenPGP',
  result: 'failed',
  proves: 'Nothing: the session key is right and the content is not what was encrypted.',
};

const MIXED: Authentication = {
  mechanism: 'OpenPGP, with text in clear around it',
  result: 'not-verified',
  proves:
    'Nothing about the text as a whole: what was encrypted or signed in it is as it was, and what the field textInClear holds stood in clear beside it, where anybody could have written it.',
};

/** What the cryptography of a mail showed: of several messages in it the weakest. Text in clear is shown in the same body. */
export function authenticationOf(messages: readonly OpenedMessage[], hasTextInClear: boolean): Authentication {
  const shown = ofMessages(messages);
  return hasTextInClear && shown.result === 'verified' ? MIXED : shown;
}

function ofMessages(messages: readonly OpenedMessage[]): Authentication {
  const failed = messages.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) return FAILED;
  if (messages.some(({ literal }) => literal === null)) return UNOPENED;
  const statuses = messages.flatMap(({ signatures }) => signatures.map(({ status }) => status));
  if (statuses.includes('failed')) return SIGNATURE_FAILED;
  const open = messages.find(({ integrity }) => integrity === 'none');
  if (open !== undefined) return OPENED.none as Authentication;
  if (messages.length > 0 && messages.every(({ signatures }) => signatures.some(({ status }) => status === 'verified')))
    return SIGNED;
  const sealed = messages.find(({ integrity }) => integrity !== null);
  return sealed === undefined ? CLEAR : (OPENED[sealed.integrity as string] as Authentication);
}
