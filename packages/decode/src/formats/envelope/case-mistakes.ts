import { hexDecode } from '@custody/bytes';
import { BatchWriter, type Item, LEAF_ITEM, readFinding, readItem } from '@custody/evidence';
import type { Keyring } from '../../keyring.ts';
import type { Profile } from '../../profile/profile.ts';
import type { CaseExpectation, ProfileCase } from '../../profile/profile-case.ts';
import { openDump } from './dump.ts';
import { outcomeOfFinding, outcomeOfItem } from './outcome-words.ts';
import { EnvelopeDecoder } from './unit-decoder.ts';

/**
 * Runs the cases that a profile ships through the decoder. One line for each that goes otherwise; none: all is well.
 * `known`: mistakes found before; a case that one of them is about is passed over.
 */
export function caseMistakes(profile: Profile, known: readonly string[] = []): string[] {
  const isSound = (at: string) => !known.some((line) => line.startsWith(`${at}:`) || line.startsWith(`${at}/`));
  const run = (list: 'knownAnswers' | 'tampered') => {
    const cases: unknown = profile[list] ?? [];
    if (!Array.isArray(cases)) return [];
    return (cases as readonly ProfileCase[]).flatMap((one, i) => {
      const at = `/${list}/${i}`;
      return isSound(at) ? runCase(profile, one).map((line) => `${at}/expect${line}`) : [];
    });
  };
  return [...run('knownAnswers'), ...run('tampered')];
}

function runCase(profile: Profile, { record, keys, expect }: ProfileCase): string[] {
  const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
  const file = {
    name: 'case',
    source: { length: bytes.length, read: (at: number, n: number) => bytes.subarray(at, at + n) },
  };
  const state = {
    path: 'case',
    profile: { ...profile, container: { kind: 'ndjson' as const } },
    columns: [],
    offset: 0,
    row: 1,
  };
  const decoder = new EnvelopeDecoder(file, openDump(state, keyringOf(profile, keys ?? [])));
  const out = new BatchWriter();
  decoder.decode({ index: 0, records: 1, state: { kind: 'records', offset: 0, length: bytes.length, row: 1 } }, out);
  const { items, findings, kinds, rows } = out.batch();
  const leaf = kinds[0] === LEAF_ITEM ? readItem(items, rows[0] as number) : readFinding(findings, rows[0] as number);
  if (!('code' in leaf)) return itemMistakes(leaf, expect);
  const outcome = outcomeOfFinding(leaf) ?? leaf.code;
  return outcome === expect.outcome ? [] : [`/outcome: it is ${outcome}: ${leaf.detail}`];
}

function keyringOf(profile: Profile, keys: NonNullable<ProfileCase['keys']>): Keyring {
  return {
    keys: keys.map(({ id, hex, passphrase }) => ({
      for: `profile:${profile.name}`,
      source: 'the profile',
      ...(id !== undefined && { id }),
      ...(hex !== undefined && { bytes: hexDecode(hex.toLowerCase()) }),
      ...(passphrase !== undefined && { passphrase }),
    })),
  };
}

function itemMistakes(item: Item, expect: CaseExpectation): string[] {
  const found: Required<CaseExpectation> = {
    outcome: outcomeOfItem(item),
    body: item.body === null ? '' : Buffer.from(item.body).toString('utf8'),
    messageId: item.messageId ?? '',
    conversation: item.conversation ?? '',
    sender: item.sender?.value ?? '',
    recipients: (item.recipients ?? []).map(({ value }) => value),
    sentAt: item.sentAt?.utc === null || item.sentAt === null ? '' : new Date(item.sentAt.utc).toISOString(),
    fields: Object.fromEntries((item.fields as ReadonlyMap<string, string> | null) ?? []),
  };
  const out: string[] = [];
  for (const name of Object.keys(expect) as (keyof CaseExpectation)[]) {
    if (name === 'fields') {
      for (const [key, value] of Object.entries(expect.fields ?? {})) {
        if (String(found.fields[key]) !== String(value))
          out.push(`/fields/${key}: it is ${JSON.stringify(String(found.fields[key]))}`);
      }
    } else if (JSON.stringify(found[name]) !== JSON.stringify(expect[name])) {
      out.push(`/${name}: it is ${JSON.stringify(found[name])}`);
    }
  }
  return out;
}
