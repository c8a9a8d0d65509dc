import type { Finding, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import type { Tally } from './tally.ts';

/** Conversations named one by one; further ones are counted together. */
const MOST_NAMED = 50;
const MOST_RELATED = 8;

/** Findings that need the whole file: copies in both parties' archives, repeats, order, what was not decoded. */
export function archiveFindings(tally: Tally, path: string): Finding[] {
  return [...pairFindings(tally, path), ...orderFindings(tally, path), ...restFindings(tally, path)];
}

interface Copies {
  readonly from: number;
  readonly to: number;
  readonly sent: number[];
  readonly received: number[];
}

/** Each message stands in two archives: the sender's and the recipient's. */
function pairFindings(tally: Tally, path: string): Finding[] {
  const { owner, from, to, key, content, row } = tally.columns;
  const owners = new Set(owner);
  const messages = new Map<number, Copies>();
  let alone = 0;
  for (let i = 0; i < key.length; i++) {
    const [a, b] = [from[i] as number, to[i] as number];
    if (a < 0 || b < 0 || a === b || (owner[i] !== a && owner[i] !== b)) continue;
    if (!owners.has(a) || !owners.has(b)) {
      alone++;
      continue;
    }
    let copies = messages.get(key[i] as number);
    if (copies === undefined) {
      copies = { from: a, to: b, sent: [], received: [] };
      messages.set(key[i] as number, copies);
    }
    (owner[i] === a ? copies.sent : copies.received).push(i);
  }
  let paired = 0;
  const differing: number[] = [];
  const oneSided = new Map<string, { count: number; rows: number[] }>();
  for (const { from: a, to: b, sent, received } of messages.values()) {
    const both = Math.min(sent.length, received.length);
    paired += both;
    for (let i = 0; i < both; i++) {
      if (content[sent[i] as number] !== content[received[i] as number])
        differing.push(sent[i] as number, received[i] as number);
    }
    for (const rest of [...sent.slice(both), ...received.slice(both)]) {
      const holder = sent.length > both ? a : b;
      const name = `${tally.names[a]} to ${tally.names[b]}, only in the archive of ${tally.names[holder]}`;
      const known = oneSided.get(name) ?? { count: 0, rows: [] };
      known.count++;
      if (known.rows.length < MOST_RELATED) known.rows.push(row[rest] as number);
      oneSided.set(name, known);
    }
  }
  const single = [...oneSided.values()].reduce((sum, { count }) => sum + count, 0);
  if (key.length === 0) return [];
  const detail = `${paired} messages stand in both parties' archives (two items each); ${single} in one archive although both parties have one here; ${alone} in the archive of one party where the other has none here.`;
  const found = [finding('DUPLICATE', path, { records: paired, class: 'note', detail })];
  const rowsOf = (rows: readonly number[]) => rows.map((one) => ({ path, offset: null, length: null, row: one }));
  found.push(...oneSidedFindings(oneSided, path, rowsOf));
  if (differing.length > 0) {
    const related = rowsOf(differing.slice(0, MOST_RELATED).map((i) => row[i] as number));
    const text = `${differing.length / 2} messages say something else in the sender's archive than in the recipient's.`;
    found.push(finding('CONFLICTING_COPIES', path, { records: differing.length / 2, detail: text, related }));
  }
  return found;
}

function oneSidedFindings(
  oneSided: ReadonlyMap<string, { count: number; rows: number[] }>,
  path: string,
  rowsOf: (rows: readonly number[]) => Locator[],
): Finding[] {
  const found: Finding[] = [];
  let rest = 0;
  for (const [name, { count, rows }] of [...oneSided].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (found.length >= MOST_NAMED) rest += count;
    else
      found.push(
        finding('ONE_SIDED', path, { records: count, detail: `${count} messages: ${name}.`, related: rowsOf(rows) }),
      );
  }
  if (rest > 0)
    found.push(finding('ONE_SIDED', path, { records: rest, detail: `${rest} messages of further conversations.` }));
  return found;
}

/** Repeated archive ids, and archives whose times go back: the order of an archive is its own, not that of its times. */
function orderFindings(tally: Tally, path: string): Finding[] {
  const { owner, archiveId, stored, row } = tally.columns;
  const seen = new Set<string>();
  const latest = new Map<number, number>();
  const repeated: number[] = [];
  const back: number[] = [];
  for (let i = 0; i < owner.length; i++) {
    const holder = owner[i] as number;
    const time = stored[i] as number;
    if (archiveId[i] !== 0) {
      const name = `${holder} ${archiveId[i]}`;
      if (seen.has(name)) repeated.push(row[i] as number);
      seen.add(name);
    }
    if (Number.isNaN(time) || archiveId[i] === 0) continue;
    if (time < (latest.get(holder) ?? Number.NEGATIVE_INFINITY)) back.push(row[i] as number);
    else latest.set(holder, time);
  }
  const related = (rows: readonly number[]) =>
    rows.slice(0, MOST_RELATED).map((one) => ({ path, offset: null, length: null, row: one }));
  const found: Finding[] = [];
  if (repeated.length > 0) {
    const detail = `${repeated.length} records repeat an archive id, which is unique within an archive.`;
    found.push(finding('DUPLICATE', path, { records: repeated.length, detail, related: related(repeated) }));
  }
  if (back.length > 0) {
    const detail = `${back.length} records stand behind later ones of the same archive: a server writes them in order.`;
    found.push(finding('TIME_ANOMALY', path, { records: back.length, detail, related: related(back) }));
  }
  return found;
}

function restFindings(tally: Tally, path: string): Finding[] {
  const found: Finding[] = [];
  if (tally.spoofedIds > 0) {
    const detail = `${tally.spoofedIds} messages carry a stanza id in the name of the archive's owner that is not the archive's id: it was not given by this archive.`;
    found.push(finding('CONFLICTING_COPIES', path, { records: tally.spoofedIds, detail }));
  }
  if (tally.foreignIds > 0) {
    const detail = `${tally.foreignIds} messages carry stanza ids given by somebody other than the archive's owner or the room: they identify nothing (XEP-0359).`;
    found.push(finding('UNIT_UNVERIFIED', path, { records: tally.foreignIds, class: 'note', detail }));
  }
  if (tally.credentials > 0) {
    const detail = `${tally.credentials} records hold passwords or what replaces them: live credentials are not decoded.`;
    found.push(finding('CREDENTIAL_WITHHELD', path, { records: tally.credentials, detail }));
  }
  for (const [what, count] of [...tally.uncovered].sort(([a], [b]) => (a < b ? -1 : 1))) {
    found.push(finding('NOT_COVERED', path, { records: count, detail: `${count} ${what} are not decoded.` }));
  }
  return found;
}
