import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { CipherSettings } from './settings.ts';
import type { SealedPages, Survey } from './survey-pages.ts';

/** Runs of bad pages that are listed one by one; hostile files have any number. */
const MOST_LISTED = 200;

export const TRUST_LIMITS = 'Nothing proves that the key is right. ';

interface Seen {
  readonly survey: Survey;
  readonly sealed: SealedPages;
  readonly settings: CipherSettings;
}

/** What the pages showed as such; which rows it costs is said where tables are read. */
export function pageFindings(file: CaptureFile, { survey, sealed, settings }: Seen): Finding[] {
  return [
    ...unauthenticated(file, settings),
    ...badPages(file, survey, sealed),
    ...truncation(file, survey, { sealed, settings }),
    ...logFindings(file, sealed),
  ];
}

function unauthenticated({ name }: CaptureFile, { hmac, label }: CipherSettings): Finding[] {
  if (hmac !== null) return [];
  const detail = `${label} gives pages no MAC: the database is decrypted, not authenticated. Changes to the encrypted file may go unnoticed.`;
  return [finding('UNIT_UNVERIFIED', name, { records: 0, detail, class: 'note' })];
}

function badPages({ name }: CaptureFile, { bad, zeros, authentic }: Survey, { pages }: SealedPages): Finding[] {
  const findings: Finding[] = [];
  const runs = runsOf(bad, zeros);
  for (const { from, to, zero } of runs.slice(0, MOST_LISTED)) {
    const which = from === to ? `Page ${from}` : `Pages ${from} to ${to}`;
    const isOne = from === to;
    const detail = zero
      ? `${which} ${isOne ? 'is' : 'are'} all zeros: never written, or wiped; no HMAC vouches for ${isOne ? 'it' : 'them'}.`
      : `${which}: the HMAC is wrong, so ${isOne ? 'it was' : 'they were'} changed or damaged after encryption; nothing of ` +
        `${isOne ? 'it' : 'them'} is used. The key is proven by ${authentic} other pages. What tables lose by it stands in PAGE_DAMAGED.`;
    const path = pages.originOf(from) === 'wal' ? `${name}-wal` : name;
    const place = { path, offset: pages.offsetOf(from), length: (to - from + 1) * pages.pageSize, row: null };
    const code = zero ? 'UNIT_UNVERIFIED' : 'KEY_PROVEN_THEN_DAMAGE';
    findings.push(finding(code, place, { records: 0, detail, class: zero ? 'note' : 'doubt' }));
  }
  if (runs.length > MOST_LISTED) {
    const detail = `${runs.length - MOST_LISTED} further stretches of pages do not authenticate, ${bad.length} pages in all.`;
    findings.push(finding('KEY_PROVEN_THEN_DAMAGE', name, { records: 0, detail, class: 'doubt' }));
  }
  return findings;
}

function runsOf(bad: Uint32Array, zeros: ReadonlySet<number>): { from: number; to: number; zero: boolean }[] {
  const runs: { from: number; to: number; zero: boolean }[] = [];
  for (const page of bad) {
    const last = runs.at(-1);
    const zero = zeros.has(page);
    if (last !== undefined && last.to === page - 1 && last.zero === zero) last.to = page;
    else runs.push({ from: page, to: page, zero });
  }
  return runs;
}

function truncation(
  { name, source }: CaptureFile,
  { declaredPages }: Survey,
  { sealed, settings }: Omit<Seen, 'survey'>,
): Finding[] {
  const { pageSize } = settings;
  const declared = sealed.walPages > 0 ? 0 : declaredPages;
  const whole = Math.floor(source.length / pageSize);
  const rest = source.length - whole * pageSize;
  if (declared <= whole && rest === 0) return [];
  const missing = Math.max(0, declared - whole);
  const says =
    missing > 0 ? `the database says it has ${declared} pages, ${missing} are missing` : 'no page is missing';
  const detail = `The file ends ${rest > 0 ? `${rest} bytes into a page` : 'early'}: ${says}.`;
  const place = { path: name, offset: whole * pageSize, length: rest, row: null };
  return [
    finding('TRUNCATED', place, { records: missing > 0 ? null : 0, detail, class: missing > 0 ? 'lost' : 'doubt' }),
  ];
}

function logFindings({ name }: CaptureFile, { wal }: SealedPages): Finding[] {
  if (wal === null) return [];
  const path = `${name}-wal`;
  const findings: Finding[] = [];
  if (wal.refused !== null) {
    const detail = `The write-ahead log is not applied: ${wal.refused}.`;
    findings.push(finding('PAGE_DAMAGED', path, { records: null, detail, class: 'doubt' }));
  }
  if (wal.damaged > 0) {
    const detail = `${wal.damaged} frames of the write-ahead log are not applied: a checksum is wrong.`;
    findings.push(finding('PAGE_DAMAGED', path, { records: null, detail, class: 'doubt' }));
  }
  const older = wal.superseded + wal.uncommitted + wal.leftOver;
  if (older > 0) {
    const detail = `${older} frames of the write-ahead log hold older or uncommitted states of pages; they are not decoded.`;
    findings.push(finding('BYTES_NOT_EXAMINED', path, { records: 0, detail }));
  }
  return findings;
}
