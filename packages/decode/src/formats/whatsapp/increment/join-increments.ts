import type { Finding } from '@custody/evidence';
import type { CaptureFile, DecodeContext, Plan, Unit } from '../../../format.ts';
import { keyIdOf } from '../../../keys/key-id.ts';
import { finding } from '../../../make-finding.ts';
import { probeOf } from '../../../probe-of.ts';
import { columnsOf } from '../../../row-store/columns.ts';
import type { SqliteFile } from '../../../sqlite/index.ts';
import { isRefusal, readContainer } from '../container.ts';
import { detectPrefixed } from '../detect.ts';
import type { TablePart } from '../msgstore/census.ts';
import { Directory } from '../msgstore/directory.ts';
import type { PlanState } from '../store-format.ts';
import { unlock } from '../unlock.ts';
import { readZipDirectory } from '../zip-member.ts';
import { EarlierCopies, type EarlierRecord, MOST_COMPARED, storeEarlier } from './earlier-copies.ts';
import { seriesFindings } from './increment-series.ts';
import { type IncrementUnit, messagesIn } from './increment-store.ts';
import type { JoinedIncrement } from './joined-increment.ts';
import { type OpenIncrement, openIncrement } from './open-increment.ts';
import { incrementsOf } from './set-names.ts';

interface Opened extends OpenIncrement {
  readonly name: string;
  readonly keyId: string;
}

/**
 * The plan of a whole backup with the incremental ones of its folder behind it, in their order: every record of every
 * file is decoded where it stands, and a message that stands in an earlier file too says where, and whether it changed.
 * One that cannot be opened is left to its own plan, which says why.
 */
export async function joinIncrements(
  plan: Plan,
  file: CaptureFile,
  { context, store }: { readonly context: DecodeContext; readonly store: () => SqliteFile },
): Promise<Plan> {
  const state = plan.state as PlanState;
  const names = file.folder === undefined || state.store === null ? [] : incrementsOf(file.name, file.folder.names);
  const opened: Opened[] = [];
  for (const name of names) {
    const one = await openByName(name, file, context);
    if (one !== null) opened.push(one);
  }
  if (opened.length === 0 || state.store === null) return plan;
  const { joined, findings } = compareAll(opened, { plan, store, context, path: state.path });
  const added = opened.flatMap(({ units }, at) =>
    units.map(({ records, state }) => ({ records, state: { joined: at, unit: state as IncrementUnit } })),
  );
  const rows = state.store.rows + added.reduce((sum, { records }) => sum + (records ?? 0), 0);
  const next: PlanState = { ...state, store: { ...state.store, rows }, joined };
  return {
    ...plan,
    state: next,
    units: [...plan.units, ...added.map((unit, i): Unit => ({ index: plan.units.length + i, ...unit }))],
    findings: [
      ...plan.findings,
      ...opened.flatMap((one) => [...one.findings, ...seriesFindings(one.name, file.folder ?? null, true)]),
      ...findings,
    ],
    keyIds: [...new Set([...plan.keyIds, ...opened.map(({ keyId }) => keyId)])],
    covers: [...(plan.covers ?? []), ...opened.map(({ name }) => name)],
  };
}

async function openByName(name: string, file: CaptureFile, context: DecodeContext): Promise<Opened | null> {
  const source = file.folder?.open(name) ?? null;
  if (source === null) return null;
  const probe = probeOf(name, source);
  const generation = (['crypt15', 'crypt14'] as const).find((one) => detectPrefixed(probe, one) !== null);
  const container = generation === undefined ? null : readContainer(source, generation);
  if (container === null || isRefusal(container)) return null;
  const unlocked = await unlock(source, container, { context, path: name });
  if (!('handle' in unlocked)) return null;
  try {
    const zip = unlocked.packing === 'zip' ? context.scratch.open(unlocked.handle) : null;
    const members = zip === null ? null : readZipDirectory(zip);
    if (zip === null || members === null) return null;
    const found = await openIncrement(zip, members, { context, path: `${name}!gcm!zip` });
    if (!('handle' in found)) return null;
    const keyId = keyIdOf(unlocked.key.supplied.bytes as Uint8Array);
    return { ...found, findings: [...unlocked.findings, ...found.findings], name, keyId };
  } finally {
    unlocked.discard();
  }
}

/** Looks for the messages of every incremental backup in the whole one and in those before it. */
function compareAll(
  opened: readonly Opened[],
  set: {
    readonly plan: Plan;
    readonly store: () => SqliteFile;
    readonly context: DecodeContext;
    readonly path: string;
  },
): { readonly joined: readonly JoinedIncrement[]; readonly findings: readonly Finding[] } {
  const { scratch } = set.context;
  const copies = new EarlierCopies();
  for (const { handle, units } of opened) {
    for (const message of messagesIn(scratch.open(handle), units)) copies.want(message);
  }
  meetStore(copies, set.store(), set.plan.units);
  const findings: Finding[] = [];
  const joined = opened.map((one, at): JoinedIncrement => {
    const records: (EarlierRecord | null)[] = [];
    for (const message of messagesIn(scratch.open(one.handle), one.units)) {
      records.push(copies.meet(message, at + 1, records.length + 1));
    }
    findings.push(...setFindings(one, records));
    return { handle: one.handle, path: one.path, earlier: storeEarlier(scratch, records) };
  });
  if (copies.left > 0) {
    const detail = `Which of the messages of the incremental backups stand in earlier files too was looked up for ${MOST_COMPARED}; for ${copies.left} more it was not. All are decoded.`;
    findings.push(finding('LIMIT_EXCEEDED', set.path, { records: 0, class: 'note', detail }));
  }
  return { joined, findings };
}

/** Every row of the main tables of the whole backup, as its units will read them. */
function meetStore(copies: EarlierCopies, store: SqliteFile, units: readonly Unit[]): void {
  const names = new Directory(store);
  for (const part of units.flatMap(({ state }) => state as readonly TablePart[])) {
    const table = part.role === 'main' ? store.table(part.table) : null;
    if (table === null) continue;
    const isOld = table.name.toLowerCase() === 'messages';
    const at = columnsOf(table, [
      'key_id',
      'from_me',
      'key_from_me',
      'chat_row_id',
      'key_remote_jid',
      'text_data',
      'data',
    ]);
    const cursor = table.scan({ leaves: part.pages });
    while (cursor.next()) {
      const chat = isOld ? cursor.text(at.key_remote_jid) : (names.chats.get(cursor.int(at.chat_row_id))?.jid ?? null);
      const fromMe = cursor.int(isOld ? at.key_from_me : at.from_me) === 1;
      const text = cursor.text(isOld ? at.data : at.text_data);
      copies.meet({ chat, fromMe, id: cursor.text(at.key_id), text }, 0, Number(cursor.rowid));
    }
  }
}

/** What an incremental backup has in common with the files before it. */
function setFindings({ path, others }: Opened, records: readonly (EarlierRecord | null)[]): Finding[] {
  const found = records.filter((record) => record !== null);
  const changed = records.flatMap((record, i) => (record?.likeness === 'other text' ? [i + 1] : []));
  const alike = found.filter(({ likeness }) => likeness === 'alike').length;
  const detail =
    `An incremental backup, decoded behind the whole one: of its ${records.length} messages ${records.length - found.length} are new, ` +
    `${found.length} stand in an earlier file of the set as well (${alike} with the same text, ${changed.length} with another, ` +
    `${found.length - alike - changed.length} without two texts to compare). Each record is an item; the later one names the earlier in ` +
    `earlier_record. ${others} other members of the ZIP are not decoded.`;
  const about = finding('BYTES_NOT_EXAMINED', path, { records: 0, detail });
  if (changed.length === 0) return [about];
  const related = changed.slice(0, MOST_NAMED).map((row) => ({ path, offset: null, length: null, row }));
  const told = `${changed.length} messages have another text here than in an earlier file of the set, under the same chat and id: edited meanwhile, or one of the two was changed. Both are items.`;
  return [about, finding('CONFLICTING_COPIES', path, { records: changed.length, detail: told, related })];
}

const MOST_NAMED = 20;
