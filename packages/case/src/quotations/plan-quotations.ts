import { randomBytes } from 'node:crypto';
import { type CborValue, hexEncode } from '@custody/bytes';
import type { CommitObject, EntryKind } from '@custody/chain';
import { type ExpungementOrder, orderedEvents } from '@custody/evidence';
import {
  digestOfEventField,
  type EventField,
  encodeOpenings,
  eventValues,
  type LoggedCommit,
  OPENINGS_PREFIX,
  type Reopened,
  readEvents,
  storeObject,
  wordedKinds,
} from '@custody/segment';
import { seal } from '@custody/vault';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import { destroyedTexts, stayingTexts } from './destroyed-texts.ts';
import { changedFields, EXPUNGED_WORDS, mapTexts, textsOfEvent, type WordedField } from './event-texts.ts';
import { type CommonWords, holdsKept, Passages, type TypedText, without } from './passages.ts';
import { StatedValues } from './stated-values.ts';

/** An event whose words are written anew: its entry, its place and all proofs stay. */
export interface RewordedEvent {
  readonly entry: number;
  readonly kind: EntryKind;
  readonly fields: readonly WordedField[];
  /** `order` names it; or it quotes what is destroyed. */
  readonly by: 'order' | 'quotation';
}

/** Openings of one commit, as they will be. */
interface ReopenedCommit {
  readonly before: string;
  readonly openings: readonly { readonly fields: readonly EventField[] }[];
}

export interface PlannedQuotations {
  readonly events: readonly RewordedEvent[];
  /** Entries that hold words of what is destroyed which stand in something that stays, too: they are left as they are. */
  readonly kept: readonly number[];
  readonly commits: readonly ReopenedCommit[];
  /** The order's own words without what they quote. */
  readonly order: ExpungementOrder;
}

interface OpenedCommit {
  readonly commit: LoggedCommit;
  readonly fields: readonly (readonly EventField[])[];
}

/**
 * Finds what persons typed into events (reasons, queries, notes) and quotes leaves that are about to be destroyed, and the
 * events that the order names; from entry `from` on. Changes nothing. Throws UsageError ITEM_UNKNOWN, ARGUMENT_INVALID.
 */
export async function planQuotations(
  opened: Case,
  leaves: readonly number[],
  {
    order,
    from = 0,
    except,
  }: {
    readonly order: ExpungementOrder;
    readonly from?: number;
    /** The entry that records the order itself. */
    readonly except?: number;
  },
): Promise<PlannedQuotations> {
  const named = requireWorded(opened, orderedEvents(order));
  const commits = await wordedCommits(opened, from);
  const ownTexts = orderTexts(order);
  const texts: TypedText[] = [...ownTexts];
  for (const { commit, fields } of commits) {
    for (const [i, { kind, index }] of commit.entries.entries())
      if (wordedKinds.has(kind) && index !== except) texts.push(...textsOfEvent(eventValues(fields[i] ?? [])));
  }
  const common = await commonWords(opened, leaves, texts);
  const out = { events: [] as RewordedEvent[], kept: [] as number[], commits: [] as ReopenedCommit[] };
  for (const { commit, fields } of commits) {
    const openings = fields.map((own) => ({ fields: own }));
    let isChanged = false;
    for (const [i, { kind, index }] of commit.entries.entries()) {
      if (!wordedKinds.has(kind) || index === except) continue;
      const own = fields[i] ?? [];
      const values = eventValues(own);
      const isNamed = named.has(index);
      const change = isNamed ? hideAll : (text: string) => without(text, common);
      const changed = changedFields(own, { values, change, digestOf: digestOfEventField });
      if (changed !== null) {
        openings[i] = { fields: changed.fields };
        out.events.push({ entry: index, kind, fields: changed.changed, by: isNamed ? 'order' : 'quotation' });
        isChanged = true;
      }
      if (!isNamed && textsOfEvent(values).some(({ text }) => holdsKept(text, common))) out.kept.push(index);
    }
    if (isChanged) out.commits.push({ before: opened.ledger.rewrites.openingsNow(commit.events as string), openings });
  }
  return { ...out, order: mapOrder(order, (text) => without(text, common)) };
}

/** Stores the openings as they will be; they count from the commit on that names them. */
export async function storeReworded(
  opened: Case,
  { commits }: PlannedQuotations,
): Promise<{ readonly objects: readonly CommitObject[]; readonly reopened: readonly Reopened[] }> {
  const recipient = opened.state.keys?.evidence.recipient;
  if (recipient === undefined) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
  const objects: CommitObject[] = [];
  const reopened: Reopened[] = [];
  for (const { before, openings } of commits) {
    const name = `${OPENINGS_PREFIX}${hexEncode(randomBytes(16))}`;
    objects.push(await storeObject(opened.vault, name, seal(encodeOpenings(openings), [recipient])));
    reopened.push([before, name]);
  }
  return { objects, reopened };
}

function requireWorded(opened: Case, entries: readonly number[]): ReadonlySet<number> {
  for (const index of entries) {
    const entry = opened.ledger.entries[index];
    if (entry === undefined) throw usage('ITEM_UNKNOWN', `the log has no entry ${index}`);
    if (wordedKinds.has(entry.kind)) continue;
    const kinds = [...wordedKinds].join(', ');
    throw usage(
      'ARGUMENT_INVALID',
      `log entry ${index} is of kind "${entry.kind}", which the case and its proofs rest on: only what was typed into ${kinds} can be destroyed`,
    );
  }
  return new Set(entries);
}

async function wordedCommits(opened: Case, from: number): Promise<OpenedCommit[]> {
  const { vault, ledger, held } = opened;
  const identities = held.evidence?.all ?? [];
  const out: OpenedCommit[] = [];
  for (const commit of ledger.commits) {
    if (commit.events === null || commit.size + commit.entries.length <= from) continue;
    if (!commit.entries.some(({ kind }) => wordedKinds.has(kind))) continue;
    out.push({ commit, fields: await readEvents(vault, ledger, { commit, identities }) });
  }
  return out;
}

async function commonWords(opened: Case, leaves: readonly number[], texts: readonly TypedText[]): Promise<CommonWords> {
  const passages = new Passages(texts);
  const regions = [...opened.state.derivations.values()].map(({ region }) => region);
  const values = new StatedValues(new Set(texts.map(({ text }) => text)), regions);
  for await (const { text, region } of destroyedTexts(opened, leaves)) {
    passages.take(text);
    values.take(Buffer.from(text, 'latin1'), region);
  }
  if (!passages.isEmpty) for await (const { text } of stayingTexts(opened, leaves, true)) passages.keep(text);
  if (!values.isSettled)
    for await (const { text, region } of stayingTexts(opened, leaves, false)) {
      values.keep(Buffer.from(text, 'latin1'), region);
      if (values.isSettled) break;
    }
  return { ...passages.sort(), values };
}

function hideAll(text: string): string {
  return /^([0-9a-fA-F]{64})?$/.test(text) ? text : EXPUNGED_WORDS;
}

function orderTexts(order: ExpungementOrder): TypedText[] {
  const out: TypedText[] = [];
  mapOrder(order, (text, key) => {
    out.push({ text, isTerm: key !== 'reason' });
    return text;
  });
  return out;
}

/** Its reference and who issued it stay as they are: they say which order it was. */
function mapOrder(order: ExpungementOrder, change: (text: string, key: string) => string): ExpungementOrder {
  const map = (value: unknown, key: string) => mapTexts(value as CborValue, change, key);
  const selection = Object.entries(order.selection ?? {}).map(([key, term]) => [key, map(term, key)]);
  return {
    ...order,
    reason: map(order.reason, 'reason') as string,
    ...(order.selection !== undefined && { selection: Object.fromEntries(selection) as Record<string, string> }),
  };
}
