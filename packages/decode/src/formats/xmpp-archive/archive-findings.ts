import type { Finding, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { type PlannedFile, placeOf } from './record-place.ts';
import type { Tally } from './tally.ts';

/** Conversations named one by one; further ones are counted together. */
const MOST_NAMED = 50;
const MOST_RELATED = 8;

/** What of a plan the findings name: where all of it stands, and its files. */
export interface ArchivePlaces {
  readonly path: string;
  readonly files: readonly PlannedFile[];
}

/** Findings that need the whole archive: copies in both parties' archives, repeats, order, what was not decoded. */
export function archiveFindings(tally: Tally, { path, files }: ArchivePlaces): Finding[] {
  const rowsOf = (rows: readonly number[]) => rows.slice(0, MOST_RELATED).map((row) => placeOf(files, row - 1));
  return [...pairFindings(tally, path, rowsOf), ...orderFindings(tally, path, rowsOf), ...restFindings(tally, path)];
}

type RowsOf = (rows: readonly number[]) => Locator[];

/** What became of a record: one byte each, as there may be millions. */
const SINGLE = 1;
const DIFFERING = 2;

/** Each message stands in two archives: the sender's and the recipient's. */
function pairFindings(tally: Tally, path: string, rowsOf: RowsOf): Finding[] {
  const { owner, from, to, key, row } = tally.columns;
  if (key.length === 0) return [];
  const { marks, paired, alone } = pairUp(tally);
  const oneSided = new Map<string, { count: number; rows: number[] }>();
  const differing: number[] = [];
  let [single, conflicts] = [0, 0];
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] === DIFFERING && ++conflicts <= MOST_RELATED) differing.push(row[i] as number);
    if (marks[i] !== SINGLE) continue;
    single++;
    const [a, b, holder] = [from[i], to[i], owner[i]].map((place) => tally.names[place as number]);
    const name = `${a} to ${b}, only in the archive of ${holder}`;
    const known = oneSided.get(name) ?? { count: 0, rows: [] };
    known.count++;
    if (known.rows.length < MOST_RELATED) known.rows.push(row[i] as number);
    oneSided.set(name, known);
  }
  const detail = `${paired} messages stand in both parties' archives (two items each); ${single} in one archive although both parties have one here; ${alone} in the archive of one party where the other has none here.`;
  const found = [finding('DUPLICATE', path, { records: paired, class: 'note', detail })];
  found.push(...oneSidedFindings(oneSided, path, rowsOf));
  if (conflicts > 0) {
    const text = `${conflicts / 2} messages say something else in the sender's archive than in the recipient's.`;
    found.push(
      finding('CONFLICTING_COPIES', path, { records: conflicts / 2, detail: text, related: rowsOf(differing) }),
    );
  }
  return found;
}

/** Pairs by sorting the numbers of records by their key: four bytes a message beside the columns. */
function pairUp(tally: Tally): { marks: Uint8Array; paired: number; alone: number } {
  const { owner, from, to, key, content } = tally.columns;
  const owners = new Set(owner);
  const marks = new Uint8Array(key.length);
  let [alone, count, paired] = [0, 0, 0];
  const order = new Uint32Array(key.length);
  for (let i = 0; i < key.length; i++) {
    const [a, b] = [from[i] as number, to[i] as number];
    if (a < 0 || b < 0 || a === b || (owner[i] !== a && owner[i] !== b)) continue;
    if (owners.has(a) && owners.has(b)) order[count++] = i;
    else alone++;
  }
  const sorted = order.subarray(0, count).sort((i, j) => (key[i] as number) - (key[j] as number) || i - j);
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && key[sorted[end] as number] === key[sorted[start] as number]) end++;
    const group = [...sorted.subarray(start, end)];
    const sent = group.filter((i) => owner[i] === from[i]);
    const received = group.filter((i) => owner[i] !== from[i]);
    const both = Math.min(sent.length, received.length);
    paired += both;
    for (let i = 0; i < both; i++) {
      const [one, other] = [sent[i] as number, received[i] as number];
      if (content[one] !== content[other]) marks[one] = marks[other] = DIFFERING;
    }
    for (const i of [...sent.slice(both), ...received.slice(both)]) marks[i] = SINGLE;
    start = end;
  }
  return { marks, paired, alone };
}

function oneSidedFindings(
  oneSided: ReadonlyMap<string, { count: number; rows: number[] }>,
  path: string,
  rowsOf: RowsOf,
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
function orderFindings(tally: Tally, path: string, rowsOf: RowsOf): Finding[] {
  const { owner, archiveId, stored, row } = tally.columns;
  const latest = new Map<number, number>();
  const isRepeated = repeats(tally);
  const [repeated, back]: [number[], number[]] = [[], []];
  let [again, backward] = [0, 0];
  for (let i = 0; i < owner.length; i++) {
    const holder = owner[i] as number;
    const time = stored[i] as number;
    if (isRepeated[i] === 1 && ++again <= MOST_RELATED) repeated.push(row[i] as number);
    if (Number.isNaN(time) || archiveId[i] === 0) continue;
    if (time >= (latest.get(holder) ?? Number.NEGATIVE_INFINITY)) latest.set(holder, time);
    else if (++backward <= MOST_RELATED) back.push(row[i] as number);
  }
  const found: Finding[] = [];
  if (again > 0) {
    const detail = `${again} records repeat an archive id, which is unique within an archive.`;
    found.push(finding('DUPLICATE', path, { records: again, detail, related: rowsOf(repeated) }));
  }
  if (backward > 0) {
    const detail = `${backward} records stand behind later ones of the same archive: a server writes them in order.`;
    found.push(finding('TIME_ANOMALY', path, { records: backward, detail, related: rowsOf(back) }));
  }
  return found;
}

/** 1 for each record whose archive has had its id before. */
function repeats({ columns: { owner, archiveId } }: Tally): Uint8Array {
  const order = new Uint32Array(owner.length);
  let count = 0;
  for (let i = 0; i < owner.length; i++) if (archiveId[i] !== 0) order[count++] = i;
  const of = (list: readonly number[], i: number | undefined) => list[i as number] as number;
  const sorted = order
    .subarray(0, count)
    .sort((i, j) => of(archiveId, i) - of(archiveId, j) || of(owner, i) - of(owner, j) || i - j);
  const out = new Uint8Array(owner.length);
  for (let at = 1; at < count; at++) {
    const [before, i] = [sorted[at - 1] as number, sorted[at] as number];
    if (archiveId[before] === archiveId[i] && owner[before] === owner[i]) out[i] = 1;
  }
  return out;
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
