/** Whom a file of messages, or a medium, belongs to. */
export type Scope = 'contact' | 'group' | 'list';

/** What a member of the backup holds, by its name (Threema for Android, `Tags`). */
export type MemberKind =
  | { readonly kind: 'table'; readonly table: TableName }
  | { readonly kind: 'messages'; readonly scope: Scope; readonly key: string }
  | { readonly kind: 'media'; readonly scope: Scope; readonly uid: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'identity' }
  | { readonly kind: 'passed'; readonly what: string };

export type TableName =
  | 'contacts'
  | 'groups'
  | 'lists'
  | 'ballots'
  | 'choices'
  | 'votes'
  | 'contact-reactions'
  | 'group-reactions';

const TABLES: Readonly<Record<string, TableName>> = {
  'contacts.csv': 'contacts',
  'groups.csv': 'groups',
  'distribution_list.csv': 'lists',
  'ballot.csv': 'ballots',
  'ballot_choice.csv': 'choices',
  'ballot_vote.csv': 'votes',
  'contact_reactions.csv': 'contact-reactions',
  'group_reactions.csv': 'group-reactions',
};

/** Longer prefixes first: `message_` begins others as well. */
const MEDIA: readonly (readonly [prefix: string, scope: Scope])[] = [
  ['distribution_list_message_media_', 'list'],
  ['group_message_media_', 'group'],
  ['message_media_', 'contact'],
];

const PASSED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(group_message_|message_|distribution_list_)thumbnail_/, 'thumbnails'],
  [/^(contact_avatar_|contact_profile_pic_|group_avatar_)/, 'profile pictures'],
  [/^nonces.*\.csv$/, 'lists of used nonces'],
  [/^reaction_counts\.csv$/, 'counts of reactions'],
];

const MESSAGES: readonly (readonly [pattern: RegExp, scope: Scope])[] = [
  [/^distribution_list_message_(.+)\.csv$/, 'list'],
  [/^group_message_(.+)\.csv$/, 'group'],
  [/^message_(.+)\.csv$/, 'contact'],
];

export function memberKind(name: string): MemberKind {
  if (Object.hasOwn(TABLES, name)) return { kind: 'table', table: TABLES[name] as TableName };
  if (name === 'settings') return { kind: 'settings' };
  if (name === 'identity') return { kind: 'identity' };
  for (const [prefix, scope] of MEDIA) {
    if (name.startsWith(prefix)) return { kind: 'media', scope, uid: name.slice(prefix.length) };
  }
  for (const [pattern, what] of PASSED) if (pattern.test(name)) return { kind: 'passed', what };
  for (const [pattern, scope] of MESSAGES) {
    const key = pattern.exec(name)?.[1];
    if (key !== undefined) return { kind: 'messages', scope, key };
  }
  return { kind: 'passed', what: 'members of a name that this build does not know' };
}
