import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { DecodeContext } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import { candidateKeys, type KeyToTry, keyToTry } from './backup-key.ts';
import type { Container } from './container.ts';
import { decryptPass, type Ending, type PassResult } from './decrypt-pass.ts';
import { type Attempt, diagnose, keysRefused } from './diagnose.ts';
import { OUTPUT_LIMITS, type OutputLimits, type Packing, PlaintextSink } from './plaintext-sink.ts';

/** A backup whose tag verified, its plaintext in scratch. */
export interface Unlocked {
  readonly handle: ScratchHandle;
  readonly packing: Packing;
  readonly key: KeyToTry;
  readonly findings: readonly Finding[];
  /** Destroys the plaintext: for what turns out to be of no use. */
  discard(): void;
}

export interface UnlockOptions {
  readonly context: DecodeContext;
  /** Path for locators: the capture file's name. */
  readonly path: string;
  readonly limits?: OutputLimits;
}

/**
 * Tries the supplied keys in turn; the first whose tag verifies wins, and only then is plaintext released. Otherwise
 * the one finding that tells a wrong key from damage. A key that the header names is tried first.
 */
export async function unlock(
  source: ByteSource,
  container: Container,
  options: UnlockOptions,
): Promise<Unlocked | Finding> {
  const candidates = candidateKeys(options.context.keyring, container);
  if (candidates.tooMany !== null || candidates.keys.length === 0) {
    return keysRefused(container, candidates.tooMany, options);
  }
  const keys = candidates.keys.map((key) => keyToTry(key, container)).filter((key) => key !== null);
  keys.sort((a, b) => Number(b.header === 'fits') - Number(a.header === 'fits'));
  const attempts: Attempt[] = [];
  for (const key of keys) {
    // The MD5 does not depend on the key: where it matched once, the ending is known.
    const endings: readonly Ending[] = attempts[0]?.md5Matches === true ? ['tag-md5'] : ['tag-md5', 'tag'];
    for (const ending of endings) {
      const attempt = await tryKey(source, container, { ...options, key, ending });
      if ('handle' in attempt) return attempt;
      attempts.push(attempt);
      if (attempt.md5Matches === true) break;
    }
  }
  return diagnose(container, attempts, options.path, source.length);
}

async function tryKey(
  source: ByteSource,
  container: Container,
  options: UnlockOptions & { readonly key: KeyToTry; readonly ending: Ending },
): Promise<Unlocked | Attempt> {
  const { key, ending, context, path } = options;
  const sink = new PlaintextSink(context.scratch, options.limits ?? OUTPUT_LIMITS);
  let result: PassResult;
  try {
    const progress = (done: number): void => context.progress?.(done, source.length);
    result = await decryptPass(source, container, { key: key.aesKey, ending, sink, progress });
  } catch (error) {
    sink.discard();
    throw error;
  }
  const usable = sink.end === 'complete' && sink.packing !== 'unknown';
  if (result.tagVerified && usable) {
    return {
      handle: sink.release(),
      packing: sink.packing,
      key,
      findings: doubts(key, ending, result, path),
      discard: () => sink.discard(),
    };
  }
  sink.discard();
  return {
    key,
    ending,
    ...result,
    packing: sink.packing,
    end: sink.end,
    limitReached: sink.limitReached,
    startsAsDatabase: sink.startsAsDatabase,
    length: sink.length,
  };
}

/** What disagrees although the tag verified: only bytes outside the encrypted part can. */
function doubts(key: KeyToTry, ending: Ending, result: PassResult, path: string): Finding[] {
  const found: Finding[] = [];
  if (ending === 'tag-md5' && result.md5Matches === false) {
    found.push(
      finding('UNIT_UNVERIFIED', path, {
        records: 0,
        detail:
          'The MD5 at the end of the backup does not match, though the GCM tag over its content verifies: header or ' +
          'end of the file were changed after it was made, the content was not.',
      }),
    );
  }
  if (key.header === 'differs') {
    found.push(
      finding('CONFLICTING_COPIES', path, {
        class: 'doubt',
        records: 0,
        detail: `The key opens the backup, but key file and header of the backup disagree (${key.difference}).`,
      }),
    );
  }
  return found;
}
