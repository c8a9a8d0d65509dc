import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { memberLabel, type ZipListing } from '../../zip/index.ts';
import { memberKind } from './member-kind.ts';
import type { Survey } from './plan-state.ts';

/** Members against tables: what should be there and is not, what is there twice, what nothing speaks of. */
export function reconcileMembers(
  { members, from }: ZipListing,
  { people, tables }: Pick<Survey, 'people' | 'tables'>,
  name: string,
): Finding[] {
  const findings: Finding[] = [];
  const there = new Set(members.map((member) => member.name));
  for (const member of members) {
    if (member.copy === 1) continue;
    const detail = 'The ZIP holds several members of this name; each is decoded.';
    findings.push(finding('DUPLICATE', `${name}!zip!${memberLabel(member)}`, { records: 0, detail }));
  }
  if (from === 'directory') {
    for (const [id] of people.identities) expect(`message_${id}.csv`, 'contact');
    for (const [id] of people.groups) if (!id.includes('-')) expect(`group_message_${id}.csv`, 'group');
  }
  for (const { kind, path } of tables) {
    if (kind.kind !== 'messages') continue;
    const isNamed =
      kind.scope === 'contact'
        ? people.identities.has(kind.key) || people.identities.size === 0 || people.names.has(kind.key)
        : (kind.scope === 'group' ? people.groups : people.lists).has(kind.key);
    if (isNamed) continue;
    const detail = `No row of the table of ${kind.scope}s names whose messages these are.`;
    findings.push(finding('REFERENCE_UNRESOLVED', path, { records: 0, detail }));
  }
  if (/(^|\/)INCOMPLETE-/.test(name)) {
    const detail = 'The name says that the app did not finish this backup.';
    findings.push(finding('TRUNCATED', name, { records: 0, detail, class: 'doubt' }));
  }
  if (!members.some((member) => memberKind(member.name).kind === 'settings')) {
    const detail = 'The member "settings", which the app always writes, is missing.';
    findings.push(finding('REFERENCED_BUT_ABSENT', name, { records: 0, detail, class: 'doubt' }));
  }
  return findings;

  function expect(member: string, what: string): void {
    if (there.has(member)) return;
    const detail = `The table names a ${what} whose file of messages is not in the ZIP; the app writes one for each.`;
    findings.push(finding('REFERENCED_BUT_ABSENT', `${name}!zip!${member}`, { records: null, detail, class: 'doubt' }));
  }
}
