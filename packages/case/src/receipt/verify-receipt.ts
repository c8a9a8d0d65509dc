import { broken } from '../errors.ts';
import { asMap, text } from '../event-fields.ts';
import type { Case } from '../open-case.ts';
import { type RepeatedQuery, repeatQuery } from './query-receipt.ts';
import { type ReceiptStatement, readReceipt } from './receipt.ts';

/** `custody verify --receipt`: what was found of a receipt that is signed as it says. */
export interface ReceiptVerdict {
  readonly statement: ReceiptStatement;
  /** Name of who signed it, as the log has it. */
  readonly by: string;
  readonly repeated: RepeatedQuery | null;
  /** Log entry of the disclosure, where it is one. */
  readonly entry: number | null;
}

/**
 * Checks a receipt against the case: signature, log, and either the query asked again or the entry of the disclosure.
 * Throws UsageError RECEIPT_MALFORMED; IntegrityError RECEIPT_FORGED, RECEIPT_DIFFERS.
 */
export async function verifyReceipt(opened: Case, json: string): Promise<ReceiptVerdict> {
  const { statement, key } = readReceipt(opened, json);
  const by = opened.state.persons.get(key)?.name ?? '';
  if (statement.kind === 'query') return { statement, by, repeated: await repeatQuery(opened, statement), entry: null };
  return { statement, by, repeated: null, entry: await disclosureOf(opened, String(statement.sha256)) };
}

async function disclosureOf(opened: Case, sha256: string): Promise<number> {
  for (const commit of opened.ledger.commits) {
    if (commit.entries.every((entry) => entry.kind !== 'disclose')) continue;
    for (const { entry, values } of await opened.openEvents(commit))
      if (entry.kind === 'disclose' && text(asMap(values.subject), 'sha256') === sha256) return entry.index;
  }
  throw broken('RECEIPT_FORGED', `the log has no disclosure of a file with SHA-256 ${sha256.slice(0, 64)}`);
}
