import { encodeVerifierKey } from '@custody/chain';
import { compartments } from '@custody/segment';
import { newestGeneration } from '../case-keys.ts';
import type { Case } from '../open-case.ts';

/** Who holds what, and the keys of the log: `custody key list --json`. */
export interface KeyList {
  readonly compartments: readonly {
    readonly name: string;
    readonly generation: number;
    readonly recipient: string;
    readonly holders: readonly string[];
    /** Whether the acting person holds its newest identity. */
    readonly held: boolean;
  }[];
  /** The first, and what each signed over to. */
  readonly logKeys: readonly { readonly key: string; readonly after: number }[];
}

/** Keys as the log has them; needs `evidence` for names of holders. */
export function listKeys(opened: Case): KeyList {
  const { ledger, state, held } = opened;
  return {
    compartments: compartments.map((name) => ({
      name,
      generation: newestGeneration(ledger.objects.keys(), name),
      recipient: state.keys?.[name].recipient ?? '',
      holders: state.keys?.[name].holders ?? [],
      held: held[name] !== undefined && held[name].recipient === state.keys?.[name].recipient,
    })),
    logKeys: ledger.keys.spans.map(({ key, after }) => ({ key: encodeVerifierKey(key), after })),
  };
}
