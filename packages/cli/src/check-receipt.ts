import { readFile } from 'node:fs/promises';
import { UsageError } from '@custody/bytes';
import { openCase, type ReceiptVerdict, verifyReceipt } from '@custody/case';

/** Checks the receipt in a file against the case. Throws UsageError ARGUMENT_INVALID and what `verifyReceipt` throws. */
export async function checkReceipt(path: string, file: string, verifierKey?: string): Promise<ReceiptVerdict> {
  const json = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError('ARGUMENT_INVALID', `${file} cannot be read (${error.code})`);
  });
  return verifyReceipt(await openCase(path, verifierKey === undefined ? {} : { verifierKey }), json);
}

export function receiptText({ statement, by, repeated, entry }: ReceiptVerdict): string {
  const signed = `receipt      ${statement.kind}, log size ${statement.size}, signed by ${by === '' ? 'a person of this log' : by}`;
  if (repeated === null) return `${signed}; the disclosure is log entry ${entry}`;
  if (repeated.equal) return `${signed}; asked again, the answer is the same: ${repeated.results} item(s)`;
  const why = repeated.sameEvidence ? 'another build answers' : 'evidence was added, moved or destroyed since';
  return `${signed}; asked again, the answer DIFFERS (${String(statement.results)} then, ${repeated.results} now): ${why}`;
}
