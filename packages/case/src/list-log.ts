import { type CborValue, hexEncode } from '@custody/bytes';
import { boundsOf } from './anchors/time-bounds.ts';
import { verifyTimestamps } from './anchors/verify-anchors.ts';
import type { Case } from './open-case.ts';
import { requireWholeLog } from './require-whole-log.ts';

/** One line of `custody log --json`. */
export interface LogLine {
  readonly entry: number;
  readonly kind: string;
  readonly time: string;
  /** What others stated: not made before, and there by then (time-stamps chained in before, and stamping, the entry). */
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly actor: {
    readonly key: string;
    readonly name?: string;
    readonly role?: string;
    readonly organisation?: string;
  };
  readonly authority?: string;
  readonly reason?: string;
  readonly tool?: Readonly<Record<string, unknown>>;
  readonly subject?: Readonly<Record<string, unknown>>;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Fields of which words were destroyed under an order: what is left of them proves nothing. */
  readonly expunged?: readonly string[];
  readonly segment?: {
    readonly derivation: number;
    readonly unit: number;
    readonly part: number;
    readonly first: number;
    readonly count: number;
    readonly root: string;
  };
}

/**
 * Every custody event in order, opened as far as the acting person may. Throws IntegrityError LOG_ROLLED_BACK, LOG_FORKED where more
 * was published, or something else.
 */
export async function* listLog(opened: Case): AsyncGenerator<LogLine> {
  const { ledger, vault, verifierKey: logKey } = opened;
  await requireWholeLog(opened);
  const boundsAt = boundsOf((await verifyTimestamps(vault, ledger, { logKey })).timestamps);
  for (const commit of ledger.commits) {
    const events = opened.held.evidence === undefined ? null : await opened.openEvents(commit);
    for (const [i, entry] of commit.entries.entries()) {
      const values = events?.[i]?.values ?? {};
      const { segment } = entry;
      yield {
        entry: entry.index,
        kind: entry.kind,
        time: new Date(entry.time).toISOString(),
        ...boundsAt(entry.index),
        actor: { key: hexEncode(entry.actor), ...record(values.actor) },
        ...(typeof values.authority === 'string' && { authority: values.authority }),
        ...(typeof values.reason === 'string' && { reason: values.reason }),
        ...(values.tool !== undefined && { tool: record(values.tool) }),
        ...(values.subject !== undefined && { subject: record(values.subject) }),
        ...(values.detail !== undefined && { detail: record(values.detail) }),
        ...((events?.[i]?.expunged.length ?? 0) > 0 && { expunged: events?.[i]?.expunged ?? [] }),
        ...(segment !== undefined && {
          segment: {
            derivation: segment.derive,
            unit: segment.unit,
            part: segment.part,
            first: segment.first,
            count: segment.count,
            root: hexEncode(segment.root),
          },
        }),
      };
    }
  }
}

function record(value: CborValue | undefined): Record<string, unknown> {
  return value instanceof Map ? Object.fromEntries([...value].map(([key, inner]) => [String(key), inner])) : {};
}
