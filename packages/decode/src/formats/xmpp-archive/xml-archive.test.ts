import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { xmppExport, xmppQueryResult } from './formats.ts';

const message = (id: string, attributes: string, body: string, more = '') =>
  `<result xmlns='urn:xmpp:mam:2' id='${id}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2021-03-0${id.slice(-1)}T10:00:00.250Z'/><message xmlns='jabber:client' ${attributes} type='chat'><body>${body}</body>${more}</message></forwarded></result>`;
const user = (name: string, inside: string) => `<user name='${name}' password='x>y'>${inside}</user>`;
const archive = (inside: string) => `<archive xmlns='urn:xmpp:pie:0#mam'>${inside}</archive>`;
const exported = (inside: string) =>
  `<?xml version='1.0' encoding='UTF-8'?>\n<server-data xmlns='urn:xmpp:pie:0'><host jid='example.org'>${inside}</host></server-data>`;

const TO_BEA = "from='ann@example.org/a' to='bea@example.org' id='m1'";
const TO_ANN = "from='bea@example.org/b' to='ann@example.org' id='m2'";
const ANN = user('ann', archive(message('a1', TO_BEA, 'one ✔') + message('a2', TO_ANN, 'two')));
const BEA = user(
  'bea',
  `<query xmlns='jabber:iq:roster'><item jid='ann@example.org' name='Ann'><group>G</group></item></query>
   <scram-credentials xmlns='urn:xmpp:pie:0#scram' mechanism='SCRAM-SHA-1'/>
   <vCard xmlns='vcard-temp'><FN>Bea Example</FN></vCard>
   <offline-messages><message xmlns='jabber:client' from='cy@example.net' to='bea@example.org'><body>late</body><delay xmlns='urn:xmpp:delay' stamp='2021-01-01T00:00:00Z'/></message></offline-messages>${archive(message('b1', TO_BEA, 'one ✔'))}`,
);

const run = (text: string | Uint8Array, format = xmppExport) =>
  decodeCapture(format, typeof text === 'string' ? utf8Encode(text) : text, { name: 'export.xml' });
const bodies = (items: Awaited<ReturnType<typeof run>>['items']) =>
  items.filter(({ kind }) => kind === 'message').map(({ body }) => utf8DecodeLossy(body ?? new Uint8Array()));

describe('XEP-0227', () => {
  it('reads an archive of many stanzas whole, and refuses one that nests without end', async () => {
    const many = Array.from({ length: 400 }, (_, i) => message(`s${1 + (i % 9)}`, TO_BEA, `text ${i}`)).join('');
    const whole = await run(exported(user('ann', archive(many))));
    expect(bodies(whole.items)).toHaveLength(400);
    expect(whole.counts.lost).toBe(0);
    const deep = await run(exported(user('ann', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`)));
    expect(deep.findings.map(({ detail }) => detail).join()).toContain('nest deeper');
  });

  it('reads users, rosters, cards, offline messages and archives, and pairs both archives', async () => {
    const { items, findings, counts } = await run(exported(ANN + BEA));
    expect(items.map(({ kind }) => kind)).toEqual([
      ...['account', 'message', 'message', 'account', 'contact', 'contact', 'message', 'message'],
    ]);
    expect(bodies(items)).toEqual(['one ✔', 'two', 'late', 'one ✔']);
    expect(counts).toEqual({ records: 9, decoded: 8, lost: 0, notCovered: 1 });
    expect(items[1]).toMatchObject({
      direction: 'outgoing',
      messageId: 'm1',
      sender: { type: 'xmpp', value: 'ann@example.org' },
      recipients: [{ type: 'xmpp', value: 'bea@example.org' }],
      owner: { value: 'ann@example.org' },
      sentAt: { raw: '2021-03-01T10:00:00.250Z', utc: Date.UTC(2021, 2, 1, 10, 0, 0, 250), clock: 'server' },
    });
    expect(items[2]?.direction).toBe('incoming');
    expect(items[7]?.direction).toBe('incoming');
    const text = exported(ANN + BEA);
    const { offset, length } = items[2]?.locator ?? {};
    const found = Buffer.from(text)
      .subarray(offset ?? 0, (offset ?? 0) + (length ?? 0))
      .toString();
    expect(found.startsWith("<result xmlns='urn:xmpp:mam:2' id='a2'")).toBe(true);
    expect(found.endsWith('</result>')).toBe(true);
    expect(findings.map(({ code, records }) => `${code} ${records}`)).toEqual([
      ...['DUPLICATE 1', 'ONE_SIDED 1', 'CREDENTIAL_WITHHELD 3', 'NOT_COVERED 1'],
    ]);
    expect(findings[0]?.detail).toContain('1 messages stand in both');
  });

  it('refuses document types, entities and inclusion', async () => {
    const dtd = await run(`<!DOCTYPE s [<!ENTITY a "b">]>${exported(ANN)}`);
    expect(dtd.items).toEqual([]);
    expect(dtd.findings[0]).toMatchObject({ code: 'RECORD_MALFORMED', class: 'lost', records: null });
    const entity = await run(
      exported(user('ann', archive(message('a1', TO_BEA, '&x;') + message('a2', TO_ANN, 'two')))),
    );
    expect(bodies(entity.items)).toEqual(['two']);
    const include = await run(exported("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"));
    expect(include.findings.map(({ code }) => code)).toContain('REFERENCED_BUT_ABSENT');
  });

  it('goes on behind damage and says where', async () => {
    const text = exported(ANN + BEA);
    const bytes = utf8Encode(text);
    bytes[Buffer.from(text).indexOf('one ✔') + 4] = 0xff;
    const { items, findings } = await run(bytes);
    expect(bodies(items)).toEqual(['two', 'late', 'one ✔']);
    expect(findings[0]).toMatchObject({ code: 'RECORD_MALFORMED' });
    expect(items[2]?.owner?.value).toBe('bea@example.org');
  });

  it('says that a file is cut, at every place where it may be', async () => {
    const whole = utf8Encode(exported(ANN));
    for (let end = 160; end < whole.length; end += 7) {
      const { findings } = await run(whole.subarray(0, end));
      expect(findings.some(({ class: grade }) => grade === 'lost')).toBe(true);
    }
  });
});

describe('XEP-0313', () => {
  const stream = (inside: string) =>
    `<stream><message xmlns='jabber:client' to='ann@example.org/a'>${inside}</message><iq xmlns='jabber:client' type='result'><fin xmlns='urn:xmpp:mam:2' complete='false'/></iq></stream>`;

  it('knows whose archive answered', async () => {
    const { items, findings } = await run(stream(message('a1', TO_BEA, 'one')), xmppQueryResult);
    expect(items[0]).toMatchObject({ owner: { value: 'ann@example.org' }, direction: 'outgoing' });
    expect(items).toHaveLength(1);
    expect(findings.map(({ code }) => code)).toContain('NOT_COVERED');
  });

  it('never turns a carbon copy round, and believes none of a stranger', async () => {
    const carbon = (kind: string, outer: string, inner: string) =>
      `<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='${outer}' to='ann@example.org/a'><${kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' ${inner} type='chat'><body>c</body></message></forwarded></${kind}></message></forwarded>`;
    const result = (inside: string) => `<result xmlns='urn:xmpp:mam:2' id='a'>${inside}</result>`;
    const sent = await run(stream(result(carbon('sent', 'ann@example.org', TO_BEA))), xmppQueryResult);
    expect(sent.items[0]).toMatchObject({ sender: { value: 'ann@example.org' }, direction: 'outgoing' });
    const received = await run(stream(result(carbon('received', 'ann@example.org', TO_ANN))), xmppQueryResult);
    expect(received.items[0]).toMatchObject({ sender: { value: 'bea@example.org' }, direction: 'incoming' });
    const forged = await run(stream(result(carbon('sent', 'eve@example.net', TO_BEA))), xmppQueryResult);
    expect(forged.items[0]).toMatchObject({ sender: { value: 'eve@example.net' }, direction: 'incoming', body: null });
    expect(forged.findings.map(({ code }) => code)).toContain('DIRECTION_CONFLICT');
    const odd = await run(stream(result(carbon('sent', 'ann@example.org', TO_ANN))), xmppQueryResult);
    expect(odd.findings.map(({ code }) => code)).toContain('DIRECTION_CONFLICT');
  });

  it('tells stanza ids of the archive from others', async () => {
    const id = (by: string, value: string) => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='${value}'/>`;
    const own = await run(stream(message('a1', TO_ANN, 'x', id('ann@example.org', 'a1'))), xmppQueryResult);
    expect(own.findings.map(({ code }) => code)).not.toContain('CONFLICTING_COPIES');
    const forged = await run(stream(message('a1', TO_ANN, 'x', id('ann@example.org', 'zz'))), xmppQueryResult);
    expect(forged.findings.map(({ code }) => code)).toContain('CONFLICTING_COPIES');
    const foreign = await run(stream(message('a1', TO_ANN, 'x', id('eve@example.net', 'a1'))), xmppQueryResult);
    expect(foreign.findings.find(({ code }) => code === 'UNIT_UNVERIFIED')).toMatchObject({
      class: 'note',
      records: 1,
    });
  });
});
