import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

configure({ useWebWorkers: false });

const utf8Encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const PASSWORD = 'invented-Password 7';

/** Members by name; a name may stand twice. */
export type Members = readonly (readonly [name: string, content: string | Uint8Array])[];

/** A ZIP of members encrypted by zip.js, which shares no code with the decoder. */
export async function makeZip(
  members: Members,
  options: { password?: string | null; strength?: 1 | 2 | 3; level?: number } = {},
): Promise<Uint8Array> {
  const { password = PASSWORD, strength = 3, level = 6 } = options;
  const writer = new ZipWriter(new Uint8ArrayWriter(), { zip64: false, extendedTimestamp: false });
  const when = new Date('2026-01-02T03:04:06Z');
  // zip.js refuses a name twice, as a sound writer does: a copy is written under a name of equal length and renamed.
  const used = new Set<string>();
  const renamed: [from: string, to: string][] = [];
  for (const [name, content] of members) {
    const own = used.has(name) ? `~${name.slice(1)}` : name;
    if (own !== name) renamed.push([own, name]);
    used.add(own);
    const bytes = typeof content === 'string' ? utf8Encode(content) : content;
    const secret = password === null ? {} : { password, encryptionStrength: strength };
    await writer.add(own, new Uint8ArrayReader(bytes), { ...secret, level, lastModDate: when });
  }
  const zip = await writer.close();
  for (const [from, to] of renamed) replaceAll(zip, utf8Encode(from), utf8Encode(to));
  return zip;
}

function replaceAll(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (from.every((byte, i) => bytes[at + i] === byte)) bytes.set(to, at);
  }
}

/** Rows as the app writes them: everything in quotes, quotes inside doubled. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`).join('');
}

const MESSAGE = [
  ...['apiid', 'uid', 'isoutbox', 'isread', 'issaved', 'messagestae', 'posted_at', 'created_at', 'modified_at', 'type'],
  ...[
    'body',
    'isstatusmessage',
    'caption',
    'quoted_message_apiid',
    'delivered_at',
    'read_at',
    'edited_at',
    'deleted_at',
  ],
];

function message(values: Readonly<Record<string, string>>, columns: readonly string[] = MESSAGE): string[] {
  return columns.map((name) => values[name] ?? '');
}

const GROUP_MESSAGE = ['apiid', 'uid', 'identity', ...MESSAGE.slice(2)];

function contactRows(): string[][] {
  return [
    ['identity', 'publickey', 'verification', 'firstname', 'lastname', 'nick_name', 'identity_id'],
    ['AAAA1111', '00'.repeat(32), 'FULLY_VERIFIED', 'Ada', 'Example', '', 'c1c1'],
    ['*GATEWAY', '11'.repeat(32), 'UNVERIFIED', '', '', 'gate', 'c2c2'],
  ];
}

function directRows(): string[][] {
  return [
    MESSAGE,
    message({
      apiid: 'm1',
      uid: 'u1',
      isoutbox: '0',
      posted_at: '1700000000000',
      created_at: '1700000001000',
      type: 'TEXT',
      body: 'say "hi",\nall',
    }),
    message({
      apiid: 'm2',
      uid: 'u2',
      isoutbox: '1',
      posted_at: '1700000002000',
      type: 'TEXT',
      body: 'yes',
      quoted_message_apiid: 'm1',
      edited_at: '1700000003000',
    }),
    message({
      apiid: 'm3',
      uid: 'u3',
      isoutbox: '0',
      posted_at: '1700000004000',
      type: 'FILE',
      body: '["","secret","image/png",5,"a.png",1,true,"look",null]',
    }),
    message({
      apiid: 'm4',
      uid: 'u4',
      isoutbox: '0',
      posted_at: '1700000005000',
      type: 'IMAGE',
      body: '[false,"",""]',
    }),
    message({
      apiid: 'm5',
      uid: 'u5',
      isoutbox: '0',
      posted_at: '1700000006000',
      type: 'TEXT',
      deleted_at: '1700000007000',
    }),
    message({
      apiid: 'm6',
      uid: 'u6',
      isoutbox: '1',
      posted_at: '1700000008000',
      type: 'LOCATION',
      body: '[47.5,8.25,10,"1 Example St","Cafe"]',
    }),
    message({ apiid: '', uid: 'u7', isoutbox: '1', posted_at: 'soon', type: 'VOIP_STATUS', body: '[1,{"status":4}]' }),
  ];
}

function groupRows(): string[][] {
  return [
    GROUP_MESSAGE,
    message(
      {
        apiid: 'g1',
        uid: 'v1',
        identity: 'AAAA1111',
        isoutbox: '0',
        posted_at: '1700000010000',
        type: 'TEXT',
        body: 'to all 😀',
      },
      GROUP_MESSAGE,
    ),
  ];
}

/** A backup with something of everything; all content invented. */
export function members(): Members {
  return [
    ['settings', csv([['version', '27']])],
    ['identity', 'AAAA-BBBB-not-decoded'],
    ['contacts.csv', csv(contactRows())],
    ['message_c1c1.csv', csv(directRows())],
    ['message_c2c2.csv', csv([MESSAGE])],
    ['message_media_u3', 'bytes'],
    ['message_thumbnail_u3', 'small'],
    ['message_media_u9', 'nobody claims me'],
    [
      'groups.csv',
      csv([
        ['id', 'creator', 'groupname', 'created_at', 'members', 'group_uid'],
        ['g00d', 'AAAA1111', 'Team', '1700000009000', 'AAAA1111;OWNR0001', 'e1e1'],
      ]),
    ],
    ['group_message_e1e1.csv', csv(groupRows())],
    [
      'distribution_list.csv',
      csv([
        ['id', 'distribution_list_name', 'created_at', 'distribution_members'],
        ['4', 'News', '1700000011000', 'AAAA1111'],
      ]),
    ],
    [
      'ballot.csv',
      csv([
        ['id', 'aid', 'creator', 'ref', 'ref_id', 'name', 'created_at'],
        ['1', 'b00', 'AAAA1111', 'GroupBallotModel', 'e1e1', 'When?', '1700000012000'],
      ]),
    ],
    [
      'ballot_vote.csv',
      csv([
        ['id', 'ballot_uid', 'choice_uid', 'identity', 'choice'],
        ['1', 'b00-AAAA1111', 'x', 'AAAA1111', '1'],
      ]),
    ],
    [
      'contact_reactions.csv',
      csv([
        ['contact_identity', 'api_message_id', 'sender_identity', 'emoji_sequence', 'reacted_at'],
        ['AAAA1111', 'm2', 'AAAA1111', '👍', '1700000013000'],
      ]),
    ],
  ];
}
