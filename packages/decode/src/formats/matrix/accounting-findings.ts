import type { Finding, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { isBackwards, type OpenReference, type SessionAccount, type UnitAccount } from './accounting.ts';
import type { MegolmState } from './statements.ts';

/** Findings of one kind beyond this are summed up in one. */
const MOST_ALONE = 200;
const SHOWN_GAPS = 20;
const SHOWN_ROWS = 16;
const NUMBERS_A_MESSAGE = 4;

type Place = (row: number) => Locator;

/** What the whole capture shows: predecessors that are not there, ids that stand twice, numbers of messages that are missing. */
export function accountingFindings(account: UnitAccount, place: Place): Finding[] {
  return [
    ...keyFindings(account, place),
    ...duplicateFindings(account, place),
    ...parentFindings(account, place),
    ...sessionFindings(account, place),
    ...mediaFindings(account),
    ...[...account.uncovered].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, records]) => notCovered(what, records)),
  ];
}

function notCovered(what: string, records: number): Finding {
  return finding('NOT_COVERED', what, { records, detail: `${records} ${what}: not decoded.` });
}

function mediaFindings({ media }: UnitAccount): Finding[] {
  if (media.absent === 0) return [];
  const detail = `${media.absent} attachment(s) are named by events, and their content is not in the capture.`;
  return [finding('REFERENCED_BUT_ABSENT', 'media', { records: media.absent, detail })];
}

const NOT_READ: readonly (readonly [MegolmState, 'KEY_MISSING' | 'KEY_NOT_VERIFIED', string])[] = [
  ['key-missing', 'KEY_MISSING', 'no key of the session was supplied'],
  [
    'key-begins-later',
    'KEY_MISSING',
    'the supplied key begins at a later message, which is a limit of the key and no fault of the evidence',
  ],
  [
    'mac-failed',
    'KEY_NOT_VERIFIED',
    'their signatures verify, but not their MACs under the supplied key: it is not the key they were made with',
  ],
];

/** One finding a session whose messages could not be read for want of a key; one for all where there are many. */
function keyFindings({ sessions }: UnitAccount, place: Place): Finding[] {
  return NOT_READ.flatMap(([state, code, why]) => {
    const concerned = [...sessions].flatMap(([id, account]) => {
      const counted = account.outcomes[state];
      return counted === undefined ? [] : [{ id, account, counted }];
    });
    if (concerned.length > MOST_ALONE) {
      const records = concerned.reduce((sum, { counted }) => sum + counted.count, 0);
      const detail = `${records} messages of ${concerned.length} Megolm sessions were not read: ${why}.`;
      return [finding(code, place(concerned[0]?.counted.row ?? 0), { records, detail })];
    }
    return concerned.map(({ id, account, counted: { count, row } }) => {
      const from = state === 'key-begins-later' ? ` (it begins at ${account.keyFrom})` : '';
      const detail = `${count} message(s) of Megolm session ${shown(id)} in ${shown(account.room)} were not read: ${why}${from}.`;
      return finding(code, place(row), { records: count, detail });
    });
  });
}

function duplicateFindings({ ids, rows }: UnitAccount, place: Place): Finding[] {
  const sorted = Float64Array.from(ids).sort();
  const twice = new Map<number, number[]>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) twice.set(sorted[i] as number, []);
  if (twice.size === 0) return [];
  ids.forEach((id, i) => {
    const list = twice.get(id);
    if (list !== undefined && list.length < SHOWN_ROWS) list.push(rows[i] as number);
  });
  const found = [...twice.values()].slice(0, MOST_ALONE).map(([first, ...others]) => {
    const detail = `The same event id stands ${others.length + 1} times in the capture; each is an item.`;
    return finding('DUPLICATE', place(first as number), { records: others.length, detail, related: others.map(place) });
  });
  if (twice.size > MOST_ALONE) {
    const detail = `${twice.size - MOST_ALONE} more event ids stand more than once.`;
    found.push(finding('DUPLICATE', 'event ids', { records: twice.size - MOST_ALONE, detail }));
  }
  return found;
}

function parentFindings(account: UnitAccount, place: Place): Finding[] {
  const { missing, backwards } = resolve(account);
  const found = [...missing.values()].slice(0, MOST_ALONE).map((references) => {
    const [{ id, room, row }, ...others] = references as [OpenReference, ...OpenReference[]];
    const detail =
      `Event ${shown(id)} of ${shown(room)} is not in this file, and ${references.length} event(s) there name it as their predecessor: ` +
      'the history before them is not complete here, or begins there.';
    const related = others.slice(0, SHOWN_ROWS).map((other) => place(other.row));
    return finding('SEQUENCE_GAP', place(row), { records: 1, detail, related });
  });
  if (missing.size > MOST_ALONE) {
    const records = missing.size - MOST_ALONE;
    const detail = `${records} more events that others name as their predecessors are not in this file.`;
    found.push(finding('SEQUENCE_GAP', 'prev_events', { records, detail }));
  }
  if (backwards.count > 0) {
    const detail = `${backwards.count} reference(s) to a predecessor whose depth is not smaller: they go round in a circle, or a depth is invented.`;
    found.push(finding('REFERENCE_UNRESOLVED', place(backwards.row), { records: backwards.count, detail }));
  }
  return found;
}

function resolve({ ids, depths, references, backwards: inUnits }: UnitAccount): {
  missing: Map<string, OpenReference[]>;
  backwards: { count: number; row: number };
} {
  const wanted = new Map<number, number>(references.map(({ hash }) => [hash, -2]));
  ids.forEach((id, i) => {
    if (wanted.get(id) === -2) wanted.set(id, depths[i] as number);
  });
  const backwards = { ...inUnits };
  const missing = new Map<string, OpenReference[]>();
  for (const reference of references) {
    const depth = wanted.get(reference.hash) as number;
    if (depth === -2) {
      const list = missing.get(reference.id);
      if (list === undefined) missing.set(reference.id, [reference]);
      else list.push(reference);
    } else if (isBackwards(reference.depth, depth) && backwards.count++ === 0) backwards.row = reference.row;
  }
  return { missing, backwards };
}

function sessionFindings({ sessions }: UnitAccount, place: Place): Finding[] {
  const found: Finding[] = [];
  let more = 0;
  for (const [id, account] of sessions) {
    const list = [
      ...replayFindings(id, account, place),
      ...gapFindings(id, account, place),
      ...senderFindings(id, account, place),
    ];
    if (found.length < MOST_ALONE) found.push(...list);
    else more += list.length;
  }
  if (more > 0) {
    const detail = `${more} more Megolm sessions have missing or repeated message numbers, or several senders.`;
    found.push(finding('SEQUENCE_GAP', 'sessions', { records: null, detail }));
  }
  return found;
}

interface Seen {
  readonly index: number;
  readonly row: number;
  readonly event: number;
  readonly ciphertext: number;
}

function seenIn({ seen }: SessionAccount): Seen[] {
  const list: Seen[] = [];
  for (let i = 0; i + 3 < seen.length; i += NUMBERS_A_MESSAGE) {
    const [index, row, event, ciphertext] = seen.slice(i, i + NUMBERS_A_MESSAGE) as [number, number, number, number];
    list.push({ index, row, event, ciphertext });
  }
  return list.sort((a, b) => a.index - b.index || a.row - b.row);
}

function replayFindings(id: string, account: SessionAccount, place: Place): Finding[] {
  const found: Finding[] = [];
  const list = seenIn(account);
  for (let from = 0; from < list.length; ) {
    const first = list[from] as Seen;
    let to = from + 1;
    while (to < list.length && list[to]?.index === first.index) to++;
    const others = list.slice(from + 1, to).filter(({ event }) => event !== first.event);
    from = to;
    if (others.length === 0 || found.length >= SHOWN_ROWS) continue;
    const same = others.every(({ ciphertext }) => ciphertext === first.ciphertext);
    const what = same
      ? 'with the same ciphertext: it was sent, or put in, again'
      : 'with different ciphertexts: a sender never uses a number twice';
    const detail = `Message ${first.index} of Megolm session ${shown(id)} stands in ${others.length + 1} different events, ${what}.`;
    found.push(
      finding('REPLAY', place(first.row), {
        records: others.length,
        detail,
        related: others.slice(0, SHOWN_ROWS).map(({ row }) => place(row)),
      }),
    );
  }
  return found;
}

/** Numbers begin at 0 with every session. */
function gapFindings(id: string, account: SessionAccount, place: Place): Finding[] {
  const gaps: string[] = [];
  let missing = 0;
  let next = 0;
  let row: number | null = null;
  for (const seen of seenIn(account)) {
    if (seen.index > next) {
      missing += seen.index - next;
      row ??= seen.row;
      if (gaps.length < SHOWN_GAPS) gaps.push(seen.index - next === 1 ? `${next}` : `${next}-${seen.index - 1}`);
    }
    next = Math.max(next, seen.index + 1);
  }
  if (missing === 0 || row === null) return [];
  const detail =
    `Megolm session ${shown(id)} in ${shown(account.room)}: no event has the message number(s) ${gaps.join(', ')}, ${missing} in all. ` +
    'That is not proof of deletion: messages that never reached this server, and events that were redacted, are missing as well.';
  return [finding('SEQUENCE_GAP', place(row), { records: missing, detail })];
}

function senderFindings(id: string, { senders, seen }: SessionAccount, place: Place): Finding[] {
  if (senders.length < 2) return [];
  const detail = `Messages of Megolm session ${shown(id)} are attributed to ${senders.length} senders; a session belongs to one device.`;
  return [finding('UNIT_UNVERIFIED', place(seen[1] ?? 0), { records: null, detail })];
}

/** A name that a stranger wrote. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
