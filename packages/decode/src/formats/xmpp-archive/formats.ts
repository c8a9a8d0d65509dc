import type { Claim, Format, Probe } from '../../format.ts';
import { INSERT_INTO } from '../../sql-dump/scan-sql.ts';
import { archiveFormat } from './archive-format.ts';
import { prosodyContainer } from './prosody-container.ts';
import { sqlContainer } from './sql-container.ts';
import { transcriptContainer } from './transcript-container.ts';
import { xmlContainer } from './xml-container.ts';

/** XEP-0227 exports, whole or one of their files. */
export const xmppExport: Format = archiveFormat({
  name: 'xmpp-xep0227',
  title: 'XMPP server export (XEP-0227)',
  versions: 'XEP-0227 1.1 with archives of XEP-0313; server, host and user files',
  notCovered: 'private storage, publish-subscribe, privacy lists, presence; included files are captures of their own',
  container: xmlContainer,
  detect: (probe) =>
    xmlClaim(
      probe,
      (head) => /<(?:[\w-]+:)?(server-data|host|user)[\s>][^>]*urn:xmpp:pie:0/.test(head),
      'an export of XEP-0227',
    ),
});

/** Results of an archive query, as an answer was saved. */
export const xmppQueryResult: Format = archiveFormat({
  name: 'xmpp-mam',
  title: 'XMPP archive query results (XEP-0313)',
  versions: 'urn:xmpp:mam:0 to 2',
  notCovered: 'everything that is no result, message, roster entry or vCard',
  container: xmlContainer,
  detect: (probe) =>
    xmlClaim(
      probe,
      (head) => /urn:xmpp:mam:(\d|tmp)/.test(head) || /<message[^>]*jabber:client/.test(head),
      'messages of an XMPP archive',
    ),
});

/** Dumps of a server's database. */
export const xmppSqlDump: Format = archiveFormat({
  name: 'xmpp-sql',
  title: 'XMPP server database dump (ejabberd, Prosody)',
  versions:
    'ejabberd tables archive, spool, rosterusers, vcard, users; Prosody tables prosodyarchive, prosody; MySQL, PostgreSQL and SQLite dump text',
  notCovered: 'rows of other tables',
  container: sqlContainer,
  detect({ head }) {
    const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString();
    const names = '(?:[`"]?\\w+[`"]?\\.)?[`"]?(archive|prosodyarchive|spool|rosterusers)[`"]?';
    const statement = new RegExp(
      `^\\s*(?:CREATE TABLE|${INSERT_INTO}|COPY)\\s+(?:IF NOT EXISTS\\s+)?${names}[\\s(]`,
      'im',
    ).exec(text);
    if (statement === null) return null;
    return { confidence: 'certain', grounds: `SQL text with the table ${statement[1]} of an XMPP server` };
  },
});

/** Prosody's own files. */
export const xmppProsodyStore: Format = archiveFormat({
  name: 'xmpp-prosody',
  title: 'Prosody archive file (internal storage)',
  versions: 'lists of preserialised stanzas: archive, offline, muc_log; owner and host from the path',
  notCovered: 'items that are no message; single stores (.dat)',
  container: prosodyContainer,
  together: /(^|\/)[^/]+\/[^/]+\.list$/,
  detect({ head }) {
    const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
    if (!/^\s*item\(\{/.test(text) || !/(\["attr"\]|\battr)\s*=/.test(text)) return null;
    return { confidence: 'certain', grounds: 'items of Lua that hold stanzas' };
  },
});

/** OTR on the wire, whatever carried it. */
export const otrTranscript: Format = archiveFormat({
  name: 'otr-transcript',
  title: 'OTR transcript (JSON)',
  versions: 'OTR versions 2 and 3; objects with from, to and wire, body or text',
  notCovered: 'objects that do not name both parties and a text',
  container: transcriptContainer,
  detect({ head }) {
    const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString().trimStart();
    if (!/^[[{]/.test(text) || !/"(wire|body|text)"\s*:\s*"\?OTR[:?v|,]/.test(text) || !/"from"\s*:/.test(text))
      return null;
    return { confidence: 'certain', grounds: 'JSON objects with sender, recipient and texts of OTR' };
  },
});

function xmlClaim(probe: Probe, fits: (head: string) => boolean, what: string): Claim | null {
  const { head } = probe;
  const text = Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString()
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (!text.startsWith('<') || !fits(text)) return null;
  return { confidence: 'certain', grounds: `XML that begins as ${what}` };
}
