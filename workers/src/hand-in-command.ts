import { CustodyError } from '@custody/bytes';
import { openCase } from '@custody/case';
import { exitCodeOf } from './exit-code.ts';
import { follow } from './follow.ts';
import { handIn } from './hand-in.ts';
import type { QueuePlace } from './queue.ts';
import { withQueues } from './queues.ts';

/**
 * For `custody ingest --queue` and `custody resume --queue`, line by line of JSON: `{handedIn}` for each derivation, with
 * `wait` then `{progress}` and `{note}` until they are complete; at the end of a failure `{error}`.
 */
export async function handInCommand(
  place: QueuePlace,
  terms: { readonly case: string; readonly derivations: readonly number[]; readonly wait: boolean },
): Promise<void> {
  const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  try {
    const opened = await openCase(terms.case);
    await withQueues(place, async (queues) => {
      for (const derivation of terms.derivations) say({ handedIn: await handIn(opened, derivation, queues) });
      if (terms.wait) await follow(opened, terms.derivations, { queues, tell: say });
    });
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    say({ error: { family: error.family, code: error.code, message: error.message } });
    process.exitCode = exitCodeOf(error);
  }
}
