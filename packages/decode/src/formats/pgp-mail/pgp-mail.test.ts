import { createHash } from 'node:crypto';
import { concatBytes, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import type { SuppliedKey } from '../../keyring.ts';
import { armour, encryptTo, makeKey, packet } from '../../openpgp/testing/write-pgp.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { mailMbox, mailMessage, openpgpMessage } from './formats.ts';
import { maildirFields, unquoteMbox } from './mail-records.ts';

/** Bytes that are the same in every run. */
function drawFrom(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let size = 0; size < length; size += 32)
      parts.push(createHash('sha256').update(`${seed} ${count++}`).digest());
    return new Uint8Array(Buffer.concat(parts).subarray(0, length));
  };
}

const draw = drawFrom('pgp-mail');
const key = makeKey(draw, { userId: 'Ann <ann@example.org>', passphrase: 'horse' });
const other = makeKey(draw, { userId: 'Bea <bea@example.org>' });
const supplied = (more: Partial<SuppliedKey> = {}): SuppliedKey => ({
  for: 'openpgp',
  bytes: utf8Encode(key.armoured),
  passphrase: 'horse',
  source: 'ring.asc',
  ...more,
});

const inline = (text: string, options = {}) =>
  armour('MESSAGE', encryptTo(utf8Encode(text), draw, { to: [key], ...options }));
const mail = (subject: string, body: string, more = '') =>
  `From: "Ann, A." <Ann@Example.org>\r\nTo: bea@example.org, Cy <cy@example.net>\r\nDate: Tue, 5 Apr 2016 14:03:01 +0200\r\nMessage-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\nReceived: from a by b; Tue, 5 Apr 2016 12:03:09 +0000\r\n${more}\r\n${body}`;

async function run(text: string | Uint8Array, keys: readonly SuppliedKey[] = [supplied()], format = mailMessage) {
  const bytes = typeof text === 'string' ? utf8Encode(text) : text;
  return decodeCapture(format, bytes, { name: 'spool', keyring: { keys } });
}
const bodyOf = ({ items }: Awaited<ReturnType<typeof run>>, at = 0) => {
  const body = items[at]?.body ?? null;
  return body === null ? null : utf8DecodeLossy(body);
};

describe('mail', () => {
  it('behind a byte order mark keeps its first field', async () => {
    const fields = 'From: Ada <ada@example.org>\r\nTo: owen@example.org\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n';
    const bytes = new Uint8Array(Buffer.from(`\ufeff${fields}Message-ID: <a@example.org>\r\n\r\nhello\r\n`));
    expect(mailMessage.detect(probeOf('x.eml', memorySource(bytes)))).not.toBe(null);
    const { items } = await decodeCapture(mailMessage, bytes, { name: 'x.eml' });
    expect(items).toMatchObject([
      { messageId: '<a@example.org>', sender: { value: 'ada@example.org' }, locator: { offset: 3 } },
    ]);
  });

  it('opens inline messages, keeps headers and clocks apart, and says which key it was', async () => {
    const opened = await run(mail('one', `see\r\n${inline('levering ✔', { date: 1459857700 })}\r\nend`));
    expect(bodyOf(opened)).toBe('see\nlevering ✔\nend');
    const [item] = opened.items;
    expect(item).toMatchObject({
      messageId: '<one@example.org>',
      sender: { type: 'email', value: 'ann@example.org', display: 'Ann, A.' },
      recipients: [{ value: 'bea@example.org' }, { value: 'cy@example.net', display: 'Cy' }],
      sentAt: { utc: Date.UTC(2016, 3, 5, 12, 3, 1), zone: '+02:00', clock: 'sender' },
      authentication: { result: 'not-verified', mechanism: 'OpenPGP, with text in clear around it' },
    });
    expect(item?.times?.get('received')).toMatchObject({ utc: Date.UTC(2016, 3, 5, 12, 3, 9), clock: 'server' });
    expect(item?.times?.get('pgpLiteral')?.utc).toBe(1459857700000);
    expect(item?.fields?.get('pgpOpenedBy')).toBe(key.fingerprint);
    expect(item?.fields?.get('pgpCipher')).toBe('AES-256');
    expect(opened.counts).toEqual({ records: 1, decoded: 1, lost: 0, notCovered: 0 });
  });

  it('never shows text in clear around a message as verified with it', async () => {
    const sealed = inline('the sealed text');
    const bare = await run(mail('bare', sealed));
    expect(bare.items[0]?.authentication?.result).toBe('verified');
    expect(bare.items[0]?.fields?.has('textInClear')).toBe(false);
    const around = await run(mail('around', `put before\r\n${sealed}\r\nput behind`));
    expect(bodyOf(around)).toBe('put before\nthe sealed text\nput behind');
    expect(around.items[0]?.authentication).toMatchObject({ result: 'not-verified' });
    expect(around.items[0]?.fields?.get('textInClear')).toBe('put before\nput behind');
  });

  it('opens PGP/MIME with attachments and other character sets inside', async () => {
    const inner = `Content-Type: multipart/mixed; boundary="in"\r\n\r\n--in\r\nContent-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=EF=F0=E8=E2=E5=F2\r\n--in\r\nContent-Type: image/png; name*=utf-8''caf%C3%A9.png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--in--\r\n`;
    const body = `--out\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--out\r\nContent-Type: application/octet-stream\r\n\r\n${inline(inner)}\r\n--out--\r\n`;
    const head =
      'MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r\n boundary="out"\r\nX-Name: =?utf-8?Q?a=C3=A9_?= =?utf-8?B?4pyU?=\r\n';
    const opened = await run(mail('two', body, head));
    expect(bodyOf(opened)).toBe('привет');
    expect(opened.items[0]?.attachments).toEqual([
      {
        name: 'café.png',
        mime: 'image/png',
        size: 5,
        sha256: createHash('sha256').update('hello').digest('hex'),
        present: true,
      },
    ]);
  });

  it('decrypts what carries no integrity protection, with old ciphers, and says so', async () => {
    for (const cipher of [1, 2, 3, 4, 10, 11]) {
      const opened = await run(mail('old', inline('old text', { cipher, protect: false })));
      expect(bodyOf(opened)).toBe('old text');
      expect(opened.items[0]?.authentication?.result).toBe('not-verified');
      expect(opened.findings[0]).toMatchObject({ code: 'UNIT_UNVERIFIED', class: 'doubt' });
      expect(opened.items[0]?.fields?.get('pgpFlags')).toContain('no integrity protection');
    }
  });

  it('tells a wrong passphrase, a missing key and damage apart', async () => {
    const text = mail('three', inline('secret text'));
    const wrong = await run(text, [supplied({ passphrase: 'donkey' })]);
    const missing = await run(text, [{ for: 'file', bytes: utf8Encode(other.armoured), source: 'other.asc' }]);
    const sealed = encryptTo(utf8Encode('secret text'), draw, { to: [key] });
    sealed[sealed.length - 30] = (sealed[sealed.length - 30] as number) ^ 1;
    const damaged = await run(mail('three', armour('MESSAGE', sealed)));
    const codes = [wrong, missing, damaged].map(({ findings }) =>
      findings.filter(({ class: grade }) => grade === 'lost').map(({ code }) => code),
    );
    expect(codes).toEqual([['KEY_NOT_VERIFIED'], ['KEY_MISSING'], ['AUTHENTICATION_FAILED']]);
    for (const { counts, items } of [wrong, missing, damaged]) {
      expect(counts).toMatchObject({ records: 1, lost: 1 });
      expect(items[0]?.sender?.value).toBe('ann@example.org');
      expect(items[0]?.body).toBeNull();
    }
    expect(missing.findings.map(({ detail }) => detail).join()).toContain(other.fingerprint);
    expect(JSON.stringify([wrong.findings, missing.findings])).not.toContain('donkey');
  });

  it('tries every key where the recipient is hidden', async () => {
    const keys = [supplied(), { for: 'file', bytes: utf8Encode(other.armoured), source: 'other.asc' }];
    const opened = await run(mail('four', inline('for somebody', { to: [other], hidden: true })), keys);
    expect(bodyOf(opened)).toBe('for somebody');
    expect(opened.items[0]?.fields?.get('pgpOpenedBy')).toBe(other.fingerprint);
  });

  it('caps nesting of parts and of packets', async () => {
    let body = 'deep';
    for (let i = 0; i < 60; i++)
      body = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${body}\r\n--b${i}--\r\n`;
    const deep = await run(`From: a@example.org\r\nTo: b@example.org\r\nDate: x\r\n${body}`);
    expect(deep.findings[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', records: 1 });
    let layers = packet(11, concatBytes([Uint8Array.of(0x62, 0, 0, 0, 0, 0), utf8Encode('x')]));
    for (let i = 0; i < 40; i++) layers = packet(8, concatBytes([Uint8Array.of(0), layers]));
    const quine = await run(layers, [], openpgpMessage);
    expect(quine.findings[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', records: 1 });
  });
});

describe('spools', () => {
  it('cuts an mbox at its separators, wherever it is cut off', async () => {
    const one = `From ann@example.org Tue Apr  5 14:03:01 2016\n${mail('a', 'text\n>From here\nFrom nobody\n').replace(/\r/g, '')}\n`;
    const two = `From bea@example.org Tue Apr  5 14:04:01 2016\n${mail('b', 'second\n').replace(/\r/g, '')}\n`;
    const { items, counts } = await run(one + two, [], mailMbox);
    expect(counts.records).toBe(2);
    expect(utf8DecodeLossy(items[0]?.body ?? new Uint8Array())).toContain('text\nFrom here\nFrom nobody');
    expect(items[1]?.messageId).toBe('<b@example.org>');
    expect(items[1]?.locator.offset).toBe(Buffer.byteLength(one) + two.indexOf('\n') + 1);
    const whole = utf8Encode(one + two);
    for (let end = 60; end < whole.length; end += 13) {
      const cut = await run(whole.subarray(0, end), [], mailMbox);
      const inside = end - Buffer.byteLength(one);
      // A separator that is itself cut is none until its address is whole.
      if (inside <= 0 || inside > two.indexOf('\n')) expect(cut.counts.records).toBe(inside > 0 ? 2 : 1);
    }
  });

  it('names a mail that stands twice in an mbox, and one that stands behind later ones', async () => {
    const at = (minute: number) => `2016 12:${String(minute).padStart(2, '0')}:09 +0000`;
    const spool = Array.from({ length: 30 }, (_, i) => {
      const text = mail(`m${i}`, `text ${i}\n`).replaceAll('\r', '').replace('2016 12:03:09 +0000', at(i));
      return `From ann@example.org Tue Apr  5 14:03:01 2016\n${text}\n`;
    });
    const said = async (mails: readonly string[]) => {
      const { findings } = await run(mails.join(''), [], mailMbox);
      return findings.map(({ code, locator, related }) => `${code} ${locator?.row} ${related[0]?.row ?? ''}`);
    };
    expect(await said(spool)).toEqual([]);
    expect(await said([...spool, spool[29] as string])).toEqual(['DUPLICATE 31 30']);
    const [a, b] = [spool[4] as string, spool[11] as string];
    expect(await said(spool.with(4, b).with(11, a))).toEqual(['TIME_ANOMALY 6 12']);
  });

  it('reads a Maildir as one, whichever file is met first', async () => {
    const files = new Map(
      ['box/cur/2', 'box/new/1', 'other/cur/3'].map((name) => [name, utf8Encode(mail(name.slice(-1), 'hi'))]),
    );
    files.set('notes.txt', utf8Encode('no mail'));
    const source = (name: string) => memorySource(files.get(name) as Uint8Array);
    const folder = { names: [...files.keys()], open: (name: string) => (files.has(name) ? source(name) : null) };
    const file = { name: 'box/new/1', source: source('box/new/1'), folder };
    const plan = await mailMessage.prepare(file, { keyring: { keys: [] }, scratch: new MemoryScratch() });
    expect(plan.covers).toEqual(['box/cur/2', 'box/new/1', 'other/cur/3']);
    expect(plan.units[0]?.records).toBe(3);
  });

  it('names mails of a Maildir that stand twice, whose names say another time, or another length', async () => {
    const at = (minute: number) => `2016 12:${String(minute).padStart(2, '0')}:09 +0000`;
    const files = new Map<string, Uint8Array>();
    const put = (minute: number, named: number, more = '') => {
      const bytes = utf8Encode(mail(`m${minute}`, 'hi').replace('2016 12:03:09 +0000', at(minute)));
      files.set(
        `box/cur/${Date.UTC(2016, 3, 5, 12, named, 10) / 1000}.M${files.size}.h,S=${bytes.length}${more}:2,`,
        bytes,
      );
    };
    for (let i = 0; i < 30; i++) put(i, i);
    const said = async () => {
      const open = (name: string) => (files.has(name) ? memorySource(files.get(name) as Uint8Array) : null);
      const [name = ''] = files.keys();
      const folder = { names: [...files.keys()], open };
      const { findings } = await decodeAll(mailMessage, { name, source: open(name) as never, folder });
      return findings.map(({ code, records, detail }) => `${code} ${records} ${detail.includes('h,S=')}`);
    };
    expect(await said()).toEqual([]);
    put(7, 55);
    put(8, 8, '0');
    expect(await said()).toEqual([
      ...['DUPLICATE 1 true', 'DUPLICATE 1 true', 'TIME_ANOMALY 1 true', 'CONFLICTING_COPIES 1 true'],
    ]);
  });

  it('keeps what a Maildir says of a message, and nothing of the mbox around one', () => {
    expect(maildirFields('Mail/.Sent/cur/17.M1.host,S=9:2,RS')).toEqual([
      ['maildirFolder', 'Mail/.Sent'],
      ['maildirFlags', 'RS'],
    ]);
    expect(maildirFields('new/17.M1.host')).toEqual([]);
    expect(maildirFields('new/1459857789.M1.host')).toEqual([['maildirDelivered', '2016-04-05T12:03:09.000Z']]);
    expect(maildirFields('cur/17!2,T')).toEqual([['maildirFlags', 'T']]);
    const text = (stored: string) => utf8DecodeLossy(unquoteMbox(utf8Encode(stored)));
    expect(text('a\n>From b\n>>From c\n\n')).toBe('a\nFrom b\n>From c\n');
    expect(text('a\r\n\r\n')).toBe('a\r\n');
    expect(text('a\n')).toBe('a\n');
  });

  it('is recognised', () => {
    const named = (bytes: Uint8Array) => detectFormat(probeOf('x', memorySource(bytes)))[0]?.format.name;
    expect(named(utf8Encode(mail('a', 'b')))).toBe('mail-eml');
    expect(named(utf8Encode(`From a@b.example Tue Apr  5 14:03:01 2016\n${mail('a', 'b')}`))).toBe('mail-mbox');
    expect(named(utf8Encode(inline('x')))).toBe('openpgp-message');
    expect(named(encryptTo(utf8Encode('x'), draw, { to: [key] }))).toBe('openpgp-message');
  });
});
