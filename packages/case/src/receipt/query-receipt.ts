import { createHash } from 'node:crypto';
import { INDEX_PREFIX, type IndexQuery } from '@custody/search';
import { broken, usage } from '../errors.ts';
import { evidenceSize } from '../evidence-size.ts';
import type { Case } from '../open-case.ts';
import { type QueryLine, selectLines } from '../query-case.ts';
import { toolBuild } from '../tool-build.ts';
import { type Receipt, type ReceiptStatement, signReceipt } from './receipt.ts';

/** Gathers what a query answered, and states it. */
export class QueryReceipt {
  readonly #hash = createHash('sha256');
  #results = 0;

  add(line: QueryLine): void {
    this.#hash.update(resultLine(line));
    this.#results++;
  }

  /** Signed by the acting person; call it when the last answer was given. */
  sign(opened: Case, query: IndexQuery): Receipt {
    return signReceipt(opened, {
      kind: 'query',
      ...{ origin: opened.ledger.origin, verifierKey: opened.verifierKeyText, size: evidenceSize(opened) },
      checkpoint: opened.ledger.commits.at(-1)?.checkpoint ?? null,
      // Layout of the index and, with the build, the extractor that it was made by.
      index: INDEX_PREFIX,
      tool: toolBuild(),
      ...{ query, results: this.#results, resultSha256: this.#hash.digest('hex') },
    });
  }
}

/** What came of asking again. */
export interface RepeatedQuery {
  readonly results: number;
  readonly resultSha256: string;
  readonly equal: boolean;
  /** False where evidence was added, moved or destroyed since: then a difference is no fault. */
  readonly sameEvidence: boolean;
  /** Whether extractor and index are of the build that answered. */
  readonly sameBuild: boolean;
}

/**
 * Asks the query of a receipt again. Throws UsageError RECEIPT_MALFORMED; IntegrityError RECEIPT_DIFFERS where the same build
 * finds something else in the same evidence.
 */
export async function repeatQuery(opened: Case, statement: ReceiptStatement): Promise<RepeatedQuery> {
  const { query, results, resultSha256, tool, size } = statement;
  if (typeof query !== 'object' || query === null || typeof results !== 'number' || typeof resultSha256 !== 'string')
    throw usage('RECEIPT_MALFORMED', 'the receipt states no query with its result');
  const hash = createHash('sha256');
  let count = 0;
  for await (const line of selectLines(opened, query as IndexQuery)) {
    hash.update(resultLine(line));
    count++;
  }
  const digest = hash.digest('hex');
  const equal = count === results && digest === resultSha256;
  const sameEvidence = evidenceSize(opened) === size;
  const sameBuild = (tool as { build?: unknown } | undefined)?.build === toolBuild().build;
  if (!equal && sameEvidence && sameBuild)
    throw broken(
      'RECEIPT_DIFFERS',
      `the receipt states ${results} result(s); the same query on the same evidence now finds ${count}`,
    );
  return { results: count, resultSha256: digest, equal, sameEvidence, sameBuild };
}

/** What is hashed of an answer: which item, and what was found in it. */
function resultLine({ index, capture, mentions }: QueryLine): string {
  const found = mentions.map(({ type, value, where, tier }) => [type, value, where, tier]);
  return `${JSON.stringify([index, capture, found])}\n`;
}
