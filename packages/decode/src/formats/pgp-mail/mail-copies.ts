import { sha256 } from '@custody/bytes';
import type { Finding, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { joinOrder, noOrder, type OrderSummary, orderFindings, seeTime } from '../envelope/time-order.ts';

/** What mails leave for finding those that stand twice or out of order: 32 bytes a mail. Survives structured cloning. */
export interface MailCopies {
  /** Of each mail: two halves of 96 bits of the SHA-256 of its bytes, row, offset. */
  readonly parts: number[][];
  readonly order: OrderSummary;
}

const NUMBERS = 4;
const MOST_FINDINGS = 1000;

export function noCopies(): MailCopies {
  return { parts: [[]], order: noOrder() };
}

/** The next mail: `received` is when the server got it. */
export function seeMail(
  copies: MailCopies,
  raw: Uint8Array,
  at: { row: number; offset: number; received: number | null },
): void {
  let end = raw.length;
  // The last mail of an mbox may lack the empty line that stands behind the others.
  while (end > 0 && (raw[end - 1] === 0x0a || raw[end - 1] === 0x0d)) end--;
  const digest = sha256(raw.subarray(0, end));
  const bytes = Buffer.from(digest.buffer, digest.byteOffset, digest.length);
  copies.parts[0]?.push(bytes.readUIntBE(0, 6), bytes.readUIntBE(6, 6), at.row, at.offset);
  if (at.received !== null) seeTime(copies.order, at.received, at.row);
}

export function joinCopies(sum: MailCopies, later: MailCopies): void {
  sum.parts.push(...later.parts);
  joinOrder(sum.order, later.order);
}

/**
 * Mails with the same bytes, each with the first one of them; and mails behind later ones, where all others are in order.
 * `files`: of a Maildir the file of each row.
 */
export function copyFindings(
  { path, files }: { path: string; files: readonly string[] | null },
  { parts, order }: MailCopies,
): Finding[] {
  const all = Float64Array.from(parts.flat());
  const at = (mail: number, number: number) => all[mail * NUMBERS + number] as number;
  const sorted = Uint32Array.from({ length: all.length / NUMBERS }, (_, i) => i).sort(
    (x, y) => at(x, 0) - at(y, 0) || at(x, 1) - at(y, 1) || x - y,
  );
  const copies: [number, number][] = [];
  for (let i = 1, first = 0; i < sorted.length; i++) {
    const [one, other] = [sorted[first] as number, sorted[i] as number];
    if (at(one, 0) === at(other, 0) && at(one, 1) === at(other, 1)) copies.push([one, other]);
    else first = i;
  }
  copies.sort(([, x], [, y]) => x - y);
  const fileOf = (mail: number) => files?.[at(mail, 2) - 1] ?? path;
  const place = (mail: number): Locator => ({
    path: fileOf(mail),
    offset: at(mail, 3),
    length: null,
    row: at(mail, 2),
  });
  const out = copies.slice(0, MOST_FINDINGS).map(([one, other]) => {
    const name = files === null ? `mail ${at(one, 2)}` : fileOf(one);
    const detail = `the same bytes as ${name}; both are kept`;
    return finding('DUPLICATE', place(other), { records: 1, detail, related: [place(one)] });
  });
  if (copies.length > MOST_FINDINGS) {
    const records = copies.length - MOST_FINDINGS;
    out.push(finding('DUPLICATE', path, { records, detail: `${records} more mails have the bytes of an earlier one` }));
  }
  return [...out, ...orderFindings(path, order)];
}
