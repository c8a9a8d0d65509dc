import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { expect, it } from 'vitest';
import type { SuppliedKey } from '../../keyring.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { xmppQueryResult } from './formats.ts';

const stanza = (inside: string, id = 'm1') =>
  `<r><message xmlns='jabber:client' from='ann@example.org/x' to='bea@example.org' id='${id}' type='chat'>${inside}</message></r>`;

function run(text: string, keys: readonly SuppliedKey[], files: ReadonlyMap<string, Uint8Array> = new Map()) {
  const beside = (name: string) => {
    const bytes = files.get(name);
    return bytes === undefined ? null : memorySource(bytes);
  };
  return decodeAll(xmppQueryResult, { name: 'a.xml', source: memorySource(utf8Encode(text)), beside }, { keys });
}
const body = (found: Awaited<ReturnType<typeof run>>) => utf8DecodeLossy(found.items[0]?.body ?? new Uint8Array());

function legacy(text: string): { xml: string; key: Uint8Array } {
  const [key, iv] = [Buffer.alloc(16, 3), Buffer.alloc(12, 4)];
  const cipher = createCipheriv('aes-128-gcm', key, iv);
  const payload = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
  const xml = `<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'><key rid='9'>AA==</key><iv>${iv.toString('base64')}</iv></header><payload>${payload}</payload></encrypted><body>OMEMO</body>`;
  return { xml, key: Buffer.concat([key, cipher.getAuthTag()]) };
}

function omemo2(envelope: string): { xml: string; key: Uint8Array } {
  const key = Buffer.alloc(32, 5);
  const derived = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(32), 'OMEMO Payload', 80));
  const cipher = createCipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(64));
  const payload = Buffer.concat([cipher.update(envelope), cipher.final()]);
  const mac = createHmac('sha256', derived.subarray(32, 64)).update(payload).digest().subarray(0, 16);
  const xml = `<encrypted xmlns='urn:xmpp:omemo:2'><header sid='7'/><payload>${payload.toString('base64')}</payload></encrypted>`;
  return { xml, key: Buffer.concat([key, mac]) };
}
const supplied = (bytes: Uint8Array, id?: string): SuppliedKey => ({
  for: 'omemo',
  bytes,
  source: 't',
  ...(id !== undefined && { id }),
});

it('opens OMEMO of both kinds with the message key, and tells a wrong key from a missing one', async () => {
  const { xml, key } = legacy('levering ✔');
  expect(body(await run(stanza(xml), [supplied(key, 'm1')]))).toBe('levering ✔');
  expect(body(await run(stanza(xml), [supplied(key)]))).toBe('levering ✔');
  const wrong = Uint8Array.from(key).fill(1, 0, 4);
  const [failed, missing] = [await run(stanza(xml), [supplied(wrong, 'm1')]), await run(stanza(xml), [])];
  expect(failed.findings[0]).toMatchObject({ code: 'AUTHENTICATION_FAILED', records: 1 });
  expect(missing.findings[0]).toMatchObject({ code: 'KEY_MISSING', records: 1 });
  expect([failed, missing].map(({ items }) => items[0]?.body)).toEqual([null, null]);
  const many = Array.from({ length: 17 }, (_, i) => supplied(Uint8Array.from(key).fill(i, 0, 1)));
  expect((await run(stanza(xml), many)).findings.map(({ code }) => code)).toContain('LIMIT_EXCEEDED');
});

it('compares the sender inside an envelope with the stanza', async () => {
  const envelope = (from: string) =>
    `<envelope xmlns='urn:xmpp:sce:1'><content><body xmlns='jabber:client'>in the envelope</body></content><from jid='${from}'/><time stamp='2021-01-01T00:00:00Z'/></envelope>`;
  const good = omemo2(envelope('ann@example.org'));
  const opened = await run(stanza(good.xml), [supplied(good.key, 'm1')]);
  expect(body(opened)).toBe('in the envelope');
  expect(opened.findings.filter(({ class: grade }) => grade !== 'note')).toEqual([]);
  const forged = omemo2(envelope('eve@example.org'));
  const doubted = await run(stanza(forged.xml), [supplied(forged.key, 'm1')]);
  expect(doubted.findings.map(({ code }) => code)).toContain('DIRECTION_CONFLICT');
  expect(doubted.items[0]?.sender?.value).toBe('ann@example.org');
});

it('opens the file of an aesgcm link that lies beside the archive', async () => {
  const [key, iv] = [Buffer.alloc(32, 6), Buffer.alloc(12, 7)];
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const file = Buffer.concat([cipher.update('a picture'), cipher.final(), cipher.getAuthTag()]);
  const link = `aesgcm://files.example.org/x/photo%201.bin#${iv.toString('hex')}${key.toString('hex')}`;
  const text = stanza(`<body>${link}</body>`);
  const sha256 = createHash('sha256').update('a picture').digest('hex');
  const found = await run(text, [], new Map([['photo 1.bin', file]]));
  expect(found.items[0]?.attachments).toEqual([{ name: 'photo 1.bin', mime: null, size: 9, sha256, present: true }]);
  const absent = await run(text, []);
  expect(absent.items[0]?.attachments[0]).toMatchObject({ present: false, sha256: null });
  const other = await run(text, [], new Map([['photo 1.bin', file.subarray(1)]]));
  expect(other.findings.map(({ code }) => code)).toContain('UNIT_UNVERIFIED');
});

/** Every flip with CUSTODY_LONG=1, else a part of them that is the same in every run. */
const STEP = process.env.CUSTODY_LONG === '1' ? 1 : 61;

it('gives the text of a sealed message or none, whichever bit is another', async () => {
  const { xml, key } = legacy('the text');
  const bytes = utf8Encode(stanza(xml));
  for (let bit = 0; bit < bytes.length * 8; bit += STEP) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const source = memorySource(flipped);
    const { items, counts, findings } = await decodeAll(
      xmppQueryResult,
      { name: 'a.xml', source },
      { keys: [supplied(key)] },
    );
    for (const item of items) {
      if (item.authentication?.result === 'verified')
        expect(utf8DecodeLossy(item.body ?? new Uint8Array())).toBe('the text');
    }
    if (items.length === 0) expect(findings.length).toBeGreaterThan(0);
    expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0) + counts.notCovered);
  }
});
