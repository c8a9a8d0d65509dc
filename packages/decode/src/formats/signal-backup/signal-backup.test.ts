import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Finding, Item } from '@custody/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { signalBackup } from './index.ts';
import { conversation, PASSPHRASE, photo, writeBackup } from './testing/write-backup.ts';

function keyring(passphrase: string) {
  return { keys: [{ for: 'signal-backup', passphrase, source: 'keyring.json' }] };
}

function decode(bytes: Uint8Array, passphrase: string = PASSPHRASE): Promise<Decoded> {
  return decodeCapture(signalBackup, bytes, { name: 'x.backup', keyring: keyring(passphrase) });
}

/** Records as a case adds them up: units, and what findings about the whole account for. */
function recordsOf({ counts, plan }: Decoded): number {
  return counts.records + plan.findings.reduce((sum, one) => sum + (one.class === 'lost' ? (one.records ?? 0) : 0), 0);
}

function texts(items: readonly Item[]): (string | null)[] {
  const said = items.filter(({ kind }) => kind === 'message' || kind === 'edit');
  return said.map(({ body }) => (body === null ? null : new TextDecoder().decode(body)));
}

const codes = (findings: readonly Finding[]) =>
  findings.map((one) => one.code).filter((code) => code !== 'NOT_COVERED');
const RECORDS = 25;

describe.each([0, 1])('a backup of header version %i', (version) => {
  const written = writeBackup(conversation(), version);

  it('is recognised, and every frame is accounted for', async () => {
    expect(detectFormat(probeOf('any', memorySource(written.bytes)))[0]).toMatchObject({
      format: { name: 'signal-backup' },
      claim: { confidence: 'certain' },
    });
    const { counts, findings, items } = await decode(written.bytes);
    expect(counts).toEqual({ records: RECORDS, decoded: 22, lost: 0, notCovered: 3 });
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT', 'CREDENTIAL_WITHHELD']);
    expect(items.map((item) => item.kind).sort()).toEqual(
      [
        'account',
        'contact',
        'contact',
        'contact',
        'message',
        'message',
        'edit',
        'message',
        'note',
        'call',
        'call',
        'call',
        'reaction',
        'note',
        'note',
        'note',
        'contact',
        'attachment',
        'attachment',
      ].sort(),
    );
  });

  it('says who wrote what to whom, in which conversation, and what refers to what', async () => {
    const { items } = await decode(written.bytes);
    const own = { type: 'phone', value: '+31655500101', display: 'Own Name' };
    const ann = { type: 'phone', value: '+31655500102', display: 'Ann' };
    const [hello, sees, edit, group] = items.filter(({ kind }) => kind === 'message' || kind === 'edit');
    expect(hello).toMatchObject({ direction: 'incoming', sender: ann, recipients: [own], owner: own });
    expect(hello).toMatchObject({ conversation: '+31655500102', messageId: '1750000000000' });
    expect(sees).toMatchObject({ direction: 'outgoing', sender: own, recipients: [ann] });
    expect(sees?.refs).toEqual([{ rel: 'reply-to', id: '1750000000000' }]);
    expect(edit).toMatchObject({ kind: 'edit', refs: [{ rel: 'edits', id: '1750000001000' }] });
    expect(group).toMatchObject({ sender: { type: 'signal-aci', value: 'aci-3' }, conversation: '__group__' });
    expect(group?.recipients).toEqual([{ type: 'signal-group', value: '__group__', display: 'Walks' }]);
    const reaction = items.find(({ kind }) => kind === 'reaction');
    expect(reaction).toMatchObject({ sender: own, refs: [{ rel: 'reacts-to', id: '1750000000000' }] });
    expect(hello?.times?.get('received')).toMatchObject({ utc: 1_750_000_000_009, clock: 'device' });
  });

  it('says how calls went, and names groups without their keys', async () => {
    const { items, findings } = await decode(written.bytes);
    const [ann, third] = [
      { type: 'phone', value: '+31655500102' },
      { type: 'signal-aci', value: 'aci-3' },
    ];
    const calls = items.filter(({ kind, fields }) => kind === 'call' && fields?.has('call_in_words'));
    expect(calls).toMatchObject([
      { direction: 'incoming', sender: ann, messageId: '77', refs: [{ rel: 'part-of', id: '1750000005000' }] },
      { direction: 'incoming', sender: third, recipients: [{ type: 'signal-group' }], conversation: '__group__' },
    ]);
    expect(calls.map(({ fields }) => fields?.get('call_in_words'))).toEqual([
      'video call, missed',
      'group call, ringing',
    ]);
    const group = items.find(({ fields }) => fields?.get('table') === 'groups');
    expect(group).toMatchObject({ kind: 'contact', recipients: [{ type: 'signal-group', display: 'Walks' }] });
    expect(group?.fields?.has('master_key')).toBe(false);
    expect(codes(findings)).toContain('CREDENTIAL_WITHHELD');
    expect(items.find(({ kind }) => kind === 'message')?.fields?.get('author_aci')).toBe('aci-2');
  });

  it('hashes what is attached, and says what is not there', async () => {
    const { items } = await decode(written.bytes);
    const sha256 = createHash('sha256').update(photo).digest('hex');
    const images = items.filter(({ kind }) => kind === 'attachment');
    expect(images.map(({ attachments, recipients }) => [attachments[0]?.size, recipients?.[0]?.display])).toEqual([
      [20, 'Ann'],
      [30, undefined],
    ]);
    const named = items.flatMap(({ kind, attachments }) => (kind === 'attachment' ? [] : attachments));
    expect(named).toEqual([
      { name: 'photo.jpg', mime: 'image/jpeg', size: 3000, sha256, present: true },
      { name: null, mime: 'image/png', size: 10, sha256: null, present: false },
    ]);
  });

  it('loses one frame where one is damaged, and says where', async () => {
    const at = written.offsets[15] as number;
    const damaged = written.bytes.slice();
    damaged[at + 40] = (damaged[at + 40] as number) ^ 1;
    const { items, findings, plan, counts } = await decode(damaged);
    expect(texts(items)).toEqual(['see photo', 'see photos', 'in the group']);
    expect(plan.findings.find((one) => one.class === 'lost')).toMatchObject({
      ...{ code: 'KEY_PROVEN_THEN_DAMAGE', records: 1 },
      locator: { offset: at, length: (written.offsets[16] as number) - at },
    });
    expect(codes(findings)).toContain('KEY_PROVEN_THEN_DAMAGE');
    expect(counts.records + 1).toBe(RECORDS);
  });

  it('keeps the row of a damaged file, and does not use the file', async () => {
    const at = (written.offsets[23] as number) - 100;
    const damaged = written.bytes.slice();
    damaged[at] = (damaged[at] as number) ^ 1;
    const { items, plan, counts } = await decode(damaged);
    expect(texts(items)).toEqual(['Hello', 'see photo', 'see photos', 'in the group']);
    expect(items.flatMap(({ attachments }) => attachments)[0]).toMatchObject({ present: false, sha256: null });
    expect(codes(plan.findings)).toEqual(['UNIT_UNVERIFIED']);
    expect(counts.records + 1).toBe(RECORDS);
  });

  it('cut at every frame says so, and gives what stands before', async () => {
    const starts = written.offsets.slice(1);
    for (const [i, end] of starts.entries()) {
      const { items, findings } = await decode(written.bytes.slice(0, end - 1));
      expect(codes(findings), `cut in frame ${i}`).toContain(i === 0 ? 'KEY_NOT_VERIFIED' : 'TRUNCATED');
      expect(texts(items)).toEqual(
        ['Hello', 'see photo', 'see photos', 'in the group'].slice(0, Math.max(0, Math.min(4, i - 15))),
      );
    }
  }, 60_000);

  it('cut anywhere says so, and gives nothing that is not in the whole', async () => {
    const whole = new Set(texts((await decode(written.bytes)).items));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: written.bytes.length - 1 }), async (end) => {
        const { items, findings } = await decode(written.bytes.slice(0, end));
        for (const text of texts(items)) expect(whole).toContain(text);
        expect(findings.some((one) => one.class === 'lost')).toBe(true);
      }),
      { numRuns: process.env.CUSTODY_LONG === undefined ? 8 : 200 },
    );
  }, 60_000);

  it('told with another passphrase, none, or of an unknown version is one finding', async () => {
    expect(codes((await decode(written.bytes, '9'.repeat(30))).findings)).toEqual(['KEY_NOT_VERIFIED']);
    expect(codes((await decode(written.bytes, 'too short')).findings)).toEqual(['KEY_MISSING']);
    expect(codes((await decode(writeBackup(conversation(), 2).bytes)).findings)).toEqual(['UNSUPPORTED_VERSION']);
  });

  it('changed at any one place loses what stood there and no more, without a crash', async () => {
    const whole = new Set(texts((await decode(written.bytes)).items));
    const first = written.offsets[9] as number;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: first, max: written.bytes.length - 1 }), fc.nat(7), async (at, bit) => {
        const damaged = written.bytes.slice();
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        const decoded = await decode(damaged);
        const said = texts(decoded.items);
        expect(said.length).toBeGreaterThanOrEqual(3);
        for (const text of said) expect(whole).toContain(text);
        expect(decoded.findings.some((one) => one.class !== 'note')).toBe(true);
        // A file whose frame is lost is lost with it: two units of the format, one record of the whole backup.
        if (decoded.plan.findings.every((one) => one.records !== null))
          expect([RECORDS, RECORDS + 1]).toContain(recordsOf(decoded));
      }),
      { numRuns: process.env.CUSTODY_LONG === undefined ? 12 : 500 },
    );
  }, 120_000);
});

describeWithShared('the samples of Signal backups', (shared) => {
  const folder = `${shared}/samples/signal-v1`;
  const sample = async (name: string) => {
    const expected = JSON.parse(await readFile(`${folder}/expected.json`, 'utf8'));
    const bytes = new Uint8Array(await readFile(`${folder}/${name}.backup`));
    return { expected, decoded: await decode(bytes, expected.passphrase) };
  };

  it.each(['synthetic-hdr0', 'synthetic-hdr1'])('%s decodes to its facts', async (name) => {
    const { expected, decoded } = await sample(name);
    expect(texts(decoded.items)).toEqual(expected.message_bodies);
    const hashes = decoded.items.flatMap(({ kind, attachments }) =>
      kind === 'message' ? attachments.map((one) => one.sha256) : [],
    );
    const images = decoded.items.filter(({ kind }) => kind === 'attachment');
    expect(images.map(({ fields }) => fields?.get('image'))).toEqual(['sticker', 'avatar']);
    expect(hashes).toEqual(Object.values(expected.attachments));
    expect(decoded.counts).toEqual({ records: 28, decoded: 25, lost: 0, notCovered: 3 });
    if (name !== 'synthetic-hdr1') return;
    const rows = expected.frames_hdr1.filter(([, , what]: [number, number, string]) => what === 'row:message');
    const messages = decoded.items.filter(({ kind }) => kind === 'message');
    expect(messages.map(({ locator }) => [locator.offset, (locator.offset ?? 0) + (locator.length ?? 0)])).toEqual(
      rows.map(([from, to]: [number, number]) => [from, to]),
    );
  });

  it('gives seven of eight messages where one is damaged, and all eight where the end is cut off', async () => {
    const flipped = await sample('damaged-message3-bitflip');
    expect(texts(flipped.decoded.items)).toEqual(flipped.expected.message_bodies.toSpliced(2, 1));
    expect(codes(flipped.decoded.findings)).toEqual(['KEY_PROVEN_THEN_DAMAGE']);
    const cut = await sample('damaged-truncated-in-attachment');
    expect(texts(cut.decoded.items)).toEqual(cut.expected.message_bodies);
    expect(codes(cut.decoded.findings)).toEqual(['TRUNCATED', 'TRUNCATED']);
  });
});
