import type { Finding } from '@custody/evidence';
import type { Keyring } from '../../keyring.ts';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { finding } from '../../make-finding.ts';
import type { KeyToTry } from './backup-key.ts';
import type { Container } from './container.ts';
import type { Ending, PassResult } from './decrypt-pass.ts';
import type { InflateEnd } from './inflater.ts';
import type { Packing } from './plaintext-sink.ts';

/** A pass that did not end in a database. */
export interface Attempt extends PassResult {
  readonly key: KeyToTry;
  readonly ending: Ending;
  readonly packing: Packing;
  readonly end: InflateEnd;
  readonly limitReached: boolean;
  readonly startsAsDatabase: boolean;
  readonly length: number;
}

/**
 * Wrong key or damage? The MD5 needs no key. It matches and the tag does not: the file is as it was made, so the key
 * is wrong. Neither matches: the file is damaged; whether the key fits shows only where the plaintext begins as a
 * database. Nothing that was decrypted without its tag is used for more than that.
 */
export function diagnose(container: Container, attempts: readonly Attempt[], path: string, length: number): Finding {
  const verified = attempts.find((attempt) => attempt.tagVerified);
  if (verified !== undefined) return contentUnusable(verified, path);
  const sources = [...new Set(attempts.map((attempt) => attempt.key.supplied.source))].join(', ');
  if (attempts.some((attempt) => attempt.md5Matches === true)) return wrongKey(attempts, path, sources);
  const proven = attempts.find((attempt) => attempt.startsAsDatabase);
  if (proven !== undefined) return damagedUnderKey(proven, path, length);
  const ends = container.endMarker ? '' : ' The end mark "--" and two digits is missing.';
  return finding('AUTHENTICATION_FAILED', path, {
    records: null,
    detail:
      'Neither the MD5 nor the GCM tag verifies: the backup is damaged or cut, and whether the supplied key ' +
      `(${sources}) fits cannot be determined.${ends}${headerNote(attempts)}`,
  });
}

function contentUnusable(attempt: Attempt, path: string): Finding {
  if (attempt.limitReached) {
    return finding('LIMIT_EXCEEDED', path, {
      records: null,
      detail: `The backup unpacks to more than the limit; unpacking stopped after ${attempt.length} bytes.`,
    });
  }
  return finding('FORMAT_UNKNOWN', path, {
    records: null,
    detail:
      'The GCM tag verifies, so key and file are right, but the content is no compressed database ' +
      `(packing ${attempt.packing}, ${attempt.end}).`,
  });
}

function wrongKey(attempts: readonly Attempt[], path: string, sources: string): Finding {
  return finding('KEY_NOT_VERIFIED', path, {
    records: null,
    detail:
      `The backup is intact (its MD5 matches), but no supplied key opens it (${sources}): the key is of another ` +
      `backup or account.${headerNote(attempts)}`,
  });
}

function damagedUnderKey(attempt: Attempt, path: string, length: number): Finding {
  const start = 'The key fits (the content begins as a database), but neither MD5 nor GCM tag verifies: ';
  if (attempt.end === 'short') {
    return finding('TRUNCATED', path, {
      records: null,
      detail: `${start}the content ends too early. The file has ${length} bytes; its end is missing.`,
    });
  }
  return finding('KEY_PROVEN_THEN_DAMAGE', path, {
    records: null,
    detail: `${start}bytes of the file were changed. Content without its tag is not released.`,
  });
}

function headerNote(attempts: readonly Attempt[]): string {
  const named = attempts.find((attempt) => attempt.key.header === 'fits');
  if (named !== undefined) return ` The header of the backup names the key file ${named.key.supplied.source}.`;
  const other = attempts.find((attempt) => attempt.key.header === 'differs');
  return other === undefined
    ? ''
    : ` Header and key file ${other.key.supplied.source} differ: ${other.key.difference}.`;
}

/** No key to try, or more than are tried. */
export function keysRefused(
  container: Container,
  tooMany: number | null,
  options: { path: string; context: { keyring: Keyring } },
): Finding {
  if (tooMany !== null) {
    return finding('LIMIT_EXCEEDED', options.path, {
      records: null,
      detail:
        `${tooMany} supplied keys could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be ` +
        'guessing. Supply the key of this backup only.',
    });
  }
  const wanted = container.generation === 'crypt15' ? 'whatsapp-crypt15' : 'whatsapp-key';
  const what =
    container.generation === 'crypt15'
      ? 'the 64 hex digits or the file encrypted_backup.key'
      : 'the key file of 158 bytes from the device';
  return finding('KEY_MISSING', options.path, {
    records: null,
    detail: `No key for a ${container.generation} backup was supplied: ${what} is needed (--keys, "for": "${wanted}").`,
  });
}
