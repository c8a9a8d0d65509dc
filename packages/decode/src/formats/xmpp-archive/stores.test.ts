import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexDecode, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { otrTranscript, xmppSqlDump } from './formats.ts';

const run = (text: string, name = 'dump.sql', keys: readonly SuppliedKey[] = []) =>
  decodeCapture(name.endsWith('.sql') ? xmppSqlDump : otrTranscript, utf8Encode(text), { name, keyring: { keys } });
type Items = Awaited<ReturnType<typeof run>>['items'];
const bodies = (items: Items) => items.map(({ body }) => (body === null ? null : utf8DecodeLossy(body)));

const stanza = (body: string) =>
  `<message to='bea@example.org' from='ann@example.org/x' type='chat' id='i1'><body>${body}</body></message>`;

describe('SQL dumps', () => {
  it('reads PostgreSQL COPY of ejabberd', async () => {
    const row = (user: string, peer: string, body: string) =>
      `${user}\texample.org\t1614592800123456\t${peer}\t${peer}\t${stanza(body)}\t\\N\t${user === 'ann' ? 1 : 2}\tchat\t\\N\t\t2021-03-01 11:00:00.1\n`;
    const text = `COPY public.archive (username, server_host, "timestamp", peer, bare_peer, xml, txt, id, kind, nick, origin_id, created_at) FROM stdin;\n${row('ann', 'bea@example.org', 'tab\\there \\\\ ✔')}${row('bea', 'ann@example.org', 'tab\\there \\\\ ✔')}\\.\n\nCOPY public.users (username, server_host, password) FROM stdin;\nann\texample.org\tsecret\n\\.\n`;
    const { items, findings, counts } = await run(text);
    expect(bodies(items)).toEqual(['tab\there \\ ✔', 'tab\there \\ ✔', 'ann']);
    expect(counts).toEqual({ records: 3, decoded: 3, lost: 0, notCovered: 0 });
    expect(items[0]).toMatchObject({ direction: 'outgoing', sentAt: { utc: 1614592800123, raw: '1614592800123456' } });
    expect(items[1]).toMatchObject({ direction: 'incoming', owner: { value: 'bea@example.org' } });
    expect(findings.map(({ code, records }) => `${code} ${records}`)).toEqual(['DUPLICATE 1', 'CREDENTIAL_WITHHELD 1']);
    expect(JSON.stringify(items)).not.toContain('secret');
  });

  it("reads ejabberd's default schema, which names no host, in a dump that does not say what wrote it", async () => {
    const xml = stanza("it's").replace(/'/g, "\\'");
    const row = (user: string, peer: string) =>
      `('${user}',1614592800123456,'${peer}','${peer}','${xml}','it\\'s',1,'chat')`;
    const head = 'INSERT INTO archive (username,timestamp,peer,bare_peer,xml,txt,id,kind) VALUES';
    const spool = `<message from='cy@example.org' to='ann@example.org'><body>late</body><delay xmlns='urn:xmpp:delay' stamp='2021-03-01T10:00:00Z'/></message>`;
    const late = `INSERT INTO spool (username,xml,seq,created_at) VALUES ('ann','${spool.replace(/'/g, "\\'")}',1,'2021-03-01 11:00:00');`;
    const text = `${head} ${row('ann', 'bea@example.org')},${row('bea', 'ann@example.org')};\n${late}\n`;
    const { items, counts, findings } = await run(text);
    expect(counts).toMatchObject({ records: 3, decoded: 3, lost: 0 });
    expect(items.map(({ owner, direction }) => [owner?.value, direction])).toEqual([
      ['ann@example.org', 'outgoing'],
      ['bea@example.org', 'incoming'],
      ['ann@example.org', 'incoming'],
    ]);
    expect(items[0]?.fields?.get('ownerHostFrom')).toBe('stanza');
    expect(items[2]?.sentAt).toMatchObject({ utc: Date.UTC(2021, 2, 1, 10), zone: 'UTC' });
    expect(findings.map(({ code, records }) => `${code} ${records}`)).toEqual(['DUPLICATE 1']);
  });

  it('reads MySQL INSERTs with columns from CREATE TABLE, and Prosody', async () => {
    const quoted = (text: string) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
    const row = (id: number, body: string) =>
      `(${id},'example.org','ann','archive','k${id}',1614592800,'bea@example.org','xml',${quoted(stanza(body))})`;
    const text = `-- MySQL dump 10.13\nCREATE TABLE \`prosodyarchive\` (\n  \`sort_id\` int NOT NULL,\n  \`host\` text,\n  \`user\` text,\n  \`store\` text,\n  \`key\` varchar(255),\n  \`when\` int,\n  \`with\` text,\n  \`type\` text,\n  \`value\` mediumtext,\n  PRIMARY KEY (\`sort_id\`)\n) ENGINE=InnoDB;\nINSERT INTO \`prosodyarchive\` VALUES ${row(1, "it's (a) \\ text;")},${row(2, 'two')};\nINSERT INTO \`other\` VALUES (1,'x');\n-- Dump completed\n`;
    const { items, counts, findings } = await run(text);
    expect(bodies(items)).toEqual(["it's (a) \\ text;", 'two']);
    expect(counts).toEqual({ records: 3, decoded: 2, lost: 0, notCovered: 1 });
    expect(items[0]).toMatchObject({
      sentAt: { precision: 's', utc: 1614592800000 },
      owner: { value: 'ann@example.org' },
    });
    expect(findings.map(({ code }) => code)).toEqual(['DUPLICATE', 'NOT_COVERED']);
    const short = await run(text.replace(/-- Dump completed\n$/, ''));
    expect(short.findings.map(({ code }) => code)).toEqual(['TRUNCATED', 'DUPLICATE', 'NOT_COVERED']);
    for (let end = text.indexOf('VALUES (') + 9; end < text.indexOf('INSERT INTO `other`'); end += 23) {
      const cut = await run(text.slice(0, end));
      expect(cut.findings.map(({ code }) => code)).toContain('TRUNCATED');
    }
  });

  it('reads the ways of three servers to write a statement and a text', async () => {
    const columns = 'username,timestamp,peer,bare_peer,xml,txt,id,kind';
    const row = (xml: string) => `('ann',1614592800123456,'bea@example.org','bea@example.org',${xml},'',1,'chat')`;
    const hex = Buffer.from(stanza('hex')).toString('hex');
    const escaped = stanza("it's :) (").replace(/'/g, "\\'");
    const doubled = stanza("it's :) (").replace(/'/g, "''");
    const into = (start: string, ...rows: string[]) => `${start} (${columns}) VALUES\n${rows.map(row).join(',\n')};\n`;
    const said = async (text: string) => {
      const head = Buffer.from(text);
      expect(xmppSqlDump.detect({ name: 'x', length: head.length, head, tail: head })).not.toBeNull();
      const { items, counts } = await run(text);
      expect(counts.lost).toBe(0);
      return bodies(items);
    };
    const twice = ["it's :) (", 'hex'];
    for (const start of [
      'REPLACE INTO `archive`',
      'INSERT IGNORE INTO `x`.`archive`',
      'insert low_priority into `archive`',
    ]) {
      expect(await said(into(start, `_binary '${escaped}'`, `0x${hex}`))).toEqual(twice);
    }
    expect(await said(into('INSERT INTO public.archive', `E'${escaped}'`, `'${doubled}'::text`))).toEqual([
      ...["it's :) (", "it's :) ("],
    ]);
    expect(await said(into('INSERT OR REPLACE INTO "archive"', `'${doubled}'`, `X'${hex.toUpperCase()}'`))).toEqual(
      twice,
    );
  });

  it('goes on at the next statement', async () => {
    const text = `-- MySQL dump\nINSERT INTO \`archive\` (\`username\`,\`xml\`) VALUES ('ann',!;\nINSERT INTO \`archive\` (\`username\`,\`xml\`) VALUES ('ann','${stanza('x').replace(/'/g, "\\'")}');\n`;
    const { items, findings } = await run(text);
    expect(bodies(items)).toEqual(['x']);
    expect(findings[0]?.class).toBe('lost');
  });
});

describeWithShared('an OTR transcript as a capture', (folder) => {
  const text = readFileSync(join(folder, 'vectors/xmpp/otr3-transcript.json'), 'utf8');
  const sample = JSON.parse(text) as { dh_keys: { owner: string; priv: string }[]; received: { m: string }[] };
  const keys = sample.dh_keys
    .filter(({ owner }) => owner === 'bob')
    .map(({ priv }) => ({ for: 'otr-dh', bytes: hexDecode(priv.padStart(80, '0')), source: 'test' }));

  it('is opened by one side, with the sentence on deniability and revealed MAC keys', async () => {
    const { items, counts } = await run(text, 'transcript.json', keys);
    const messages = items.filter(({ kind }) => kind === 'message');
    expect(bodies(messages)).toEqual(sample.received.map(({ m }) => m));
    expect(messages.every(({ authentication }) => authentication?.proves.includes('deniable by design'))).toBe(true);
    expect(messages.some(({ fields }) => fields?.has('otrMacKeyRevealed') === true)).toBe(true);
    expect(counts.lost).toBe(0);
    expect(messages[0]).toMatchObject({ sender: { value: 'alice' }, recipients: [{ value: 'bob' }] });
  });

  it('keeps who and when without keys, and says what is missing', async () => {
    const { items, findings, counts } = await run(text, 'transcript.json');
    expect(counts.lost).toBe(6);
    expect(items.filter(({ kind, body }) => kind === 'message' && body === null)).toHaveLength(6);
    expect(findings.some(({ code }) => code === 'KEY_MISSING')).toBe(true);
  });
});
