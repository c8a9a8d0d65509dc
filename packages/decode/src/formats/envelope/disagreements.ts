import type { Item } from '@custody/evidence';
import type { FieldPath, Profile, RecordProfile } from '../../profile/profile.ts';
import { showPath } from '../../profile/show-path.ts';

/** Something that a profile says of the records and that they do not bear out. */
export interface Disagreement {
  /** Place in the profile. */
  readonly path: string;
  /** The first row that disagrees; null: no row has it. */
  readonly row: number | null;
  readonly detail: string;
}

/** What items were made of, and which of their values a field of the profile stands for. */
const VALUES: readonly (readonly [
  path: string,
  field: (record: RecordProfile) => FieldPath | undefined,
  keyof Item,
])[] = [
  ['/messageId', ({ messageId }) => messageId, 'messageId'],
  ['/conversation', ({ conversation }) => conversation, 'conversation'],
  ['/sender/field', ({ sender }) => sender?.field, 'sender'],
  ['/recipients/field', ({ recipients }) => recipients?.field, 'recipients'],
  ['/owner/field', ({ owner }) => owner?.field, 'owner'],
  ['/sentAt/field', ({ sentAt }) => sentAt?.field, 'sentAt'],
  ['/body', ({ body }) => body, 'body'],
];

/** Holds the items of a trial against the profile that made them: fields that none has, times that are not read. */
export function disagreements(profile: Profile, items: readonly Item[]): Disagreement[] {
  return profile.records.flatMap((record, i) => {
    // Of two types that make the same kind of items nobody can tell here which made which.
    if (profile.records.filter(({ kind }) => kind === record.kind).length > 1) return [];
    const own = items.filter(({ kind }) => kind === record.kind);
    const path = `/records/${i}`;
    if (own.length > 0) return [...absent(record, own, path), ...unreadTimes(record, own, path)];
    if (record.when === undefined) return [];
    const detail = `of the records looked at none became a ${record.kind}: is "${record.when.equals}" what ${quoted(record.when.field)} says?`;
    return [{ path: `${path}/when`, row: null, detail }];
  });
}

function absent(record: RecordProfile, items: readonly Item[], path: string): Disagreement[] {
  const none = (field: FieldPath) => `none of ${items.length} record(s) has a value in ${quoted(field)}`;
  const out = VALUES.flatMap(([where, fieldOf, value]): Disagreement[] => {
    const field = fieldOf(record);
    const has = field === undefined || items.some((item) => (item[value] ?? null) !== null);
    return has || field === undefined ? [] : [{ path: path + where, row: null, detail: none(field) }];
  });
  for (const [name, { field }] of Object.entries(record.fields ?? {})) {
    if (items.every(({ fields }) => (fields as ReadonlyMap<string, unknown> | null)?.has(name) !== true))
      out.push({ path: `${path}/fields/${name}/field`, row: null, detail: none(field) });
  }
  return out;
}

/** A time that stays as it was found, with no date, is not what the format says. */
function unreadTimes({ sentAt }: RecordProfile, items: readonly Item[], path: string): Disagreement[] {
  const unread = items.filter(({ sentAt: at }) => at != null && at.utc === null && at.within == null && !at.ambiguous);
  const [first] = unread;
  if (sentAt === undefined || first === undefined) return [];
  const detail = `${unread.length} of ${items.length} time(s) are not read as ${sentAt.format}; the first is ${JSON.stringify(first.sentAt?.raw ?? '')}`;
  return [{ path: `${path}/sentAt/format`, row: first.locator.row, detail }];
}

function quoted(field: FieldPath): string {
  return `"${showPath(field)}"`;
}
