import type { Finding, FindingCode, Locator } from '@custody/evidence';
import { findingCodes } from '@custody/evidence';
import { gapsOf, type Stream } from './stream.ts';
import { orderFindings } from './time-order.ts';
import type { SummaryJoin, UnitSummary } from './unit-summary.ts';

const SHOWN_GAPS = 5;
const SHOWN_NAMES = 20;

/** What only the whole dump shows: gaps, repeats and clocks of each device, keys that opened nothing, unused fields. */
export function captureFindings(path: string, { summary, streams: all }: SummaryJoin): Finding[] {
  const at = (row: number | null): Locator | null => (row === null ? null : { path, offset: null, length: null, row });
  const finding = (code: FindingCode, records: number | null, locator: Locator | null, detail: string): Finding => ({
    code,
    class: findingCodes[code],
    records,
    locator,
    related: [],
    detail,
  });
  const out: Finding[] = [];
  if (summary.tried > 0 && summary.verified === 0) out.push(notVerified(path, summary));
  if (summary.unauthenticated > 0) {
    const detail = 'decrypted without an authentication tag: nothing shows that key and text are right';
    out.push(finding('UNIT_UNVERIFIED', summary.unauthenticated, null, detail));
  }
  for (const { first, copy } of summary.copies) {
    out.push({
      ...finding('DUPLICATE', 1, place(path, copy), 'the same bytes as the record before it'),
      related: [place(path, first)],
    });
  }
  const streams = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (const stream of streams) {
    const name = shown(stream.id);
    if (stream.scattered) {
      const detail = `${name}: sequence numbers too scattered to follow; gaps and repeats are unknown`;
      out.push({ ...finding('SEQUENCE_GAP', null, null, detail) });
      continue;
    }
    out.push(...gapFinding(path, stream, summary.unreadable));
    if (stream.repeats > 0) {
      const detail = `${name}: ${stream.repeats} record(s) have a sequence number that another record has, from row ${stream.repeatRow} on`;
      out.push(finding('REPLAY', stream.repeats, at(stream.repeatRow), detail));
    }
    if (stream.backwards > 0) {
      const detail =
        `${name}: ${stream.backwards} record(s) have a higher sequence number and an earlier time than the one before, ` +
        `by up to ${stream.worstMs} ms (tolerated: ${summary.toleranceMs} ms)`;
      out.push(finding('TIME_ANOMALY', stream.backwards, at(stream.backwardsRow), detail));
    }
  }
  if (summary.streamsCut) {
    out.push(
      finding('SEQUENCE_GAP', null, null, 'more devices than are followed; of the others gaps and repeats are unknown'),
    );
  }
  out.push(...orderFindings(path, summary.order));
  if (summary.unused.length > 0) out.push(unusedFields(summary));
  return out;
}

function notVerified(path: string, summary: UnitSummary): Finding {
  return {
    code: 'KEY_NOT_VERIFIED',
    class: 'lost',
    records: null,
    locator: { path, offset: null, length: null, row: null },
    related: [],
    detail:
      `none of ${summary.tried} sealed payloads authenticates under the supplied keys; nothing shows that they are ` +
      'the keys of this dump. The records are counted where they stand; supply other keys and ingest again',
  };
}

function gapFinding(path: string, stream: Stream, unreadable: number): Finding[] {
  const gaps = gapsOf(stream);
  const [first] = gaps;
  if (first === undefined) return [];
  const missing = gaps.reduce((sum, gap) => sum + gap.to - gap.from + 1, 0);
  const list = gaps.slice(0, SHOWN_GAPS).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  const more = gaps.length > SHOWN_GAPS ? ` and ${gaps.length - SHOWN_GAPS} more gaps` : '';
  const perhaps = unreadable > 0 ? `; ${unreadable} unreadable record(s) of the dump may be among them` : '';
  return [
    {
      code: 'SEQUENCE_GAP',
      class: 'doubt',
      records: missing,
      locator: { path, offset: null, length: null, row: first.after },
      related: [{ path, offset: null, length: null, row: first.before }],
      detail: `${shown(stream.id)}: no record has the sequence number(s) ${list.join(', ')}${more}, ${missing} in all${perhaps}`,
    },
  ];
}

function unusedFields(summary: UnitSummary): Finding {
  const names = [...summary.unused].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const list = names.slice(0, SHOWN_NAMES).map(([name, records]) => `${shown(name)} (${records} records)`);
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  return {
    code: 'BYTES_NOT_EXAMINED',
    class: 'note',
    records: null,
    locator: null,
    related: [],
    detail: `fields that the profile does not use: ${list.join(', ')}${more}; they are in the raw record`,
  };
}

function place(path: string, { offset, length, row }: { offset: number; length: number; row: number }): Locator {
  return { path, offset, length, row };
}

/** A name that a stranger wrote. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
