import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Finding, Item } from '@custody/evidence';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { matrixEvents } from './index.ts';
import { BackupWriter, writeKeyExport } from './testing/write-keys.ts';
import { ANN, BOB, type Conversation, conversation, photo, redacted } from './testing/write-room.ts';

const PASSPHRASE = 'correct horse';
const written = conversation();

function lines({ events }: Pick<Conversation, 'events'>): Buffer {
  return Buffer.from(events.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
}

function keysOf({ sessions }: Conversation, passphrase: string = PASSPHRASE): SuppliedKey[] {
  return [
    {
      for: 'matrix-key-export',
      bytes: Buffer.from(writeKeyExport(sessions, PASSPHRASE)),
      passphrase,
      source: 'keys.txt',
    },
  ];
}

function decode(
  bytes: Uint8Array,
  keys: readonly SuppliedKey[] = keysOf(written),
  others: Readonly<Record<string, Uint8Array>> = {},
) {
  const open = (path: string) => (others[path] === undefined ? null : memorySource(others[path]));
  const folder = { names: ['rooms/x/events', ...Object.keys(others)], open };
  return decodeAll(
    matrixEvents,
    { name: 'rooms/x/events', source: memorySource(bytes), folder },
    { keys, combine: true },
  );
}

const serverKey = (): SuppliedKey => ({
  ...{ for: 'matrix-server-key', id: 'chat.example ed25519:a_one', source: 'keyring.json' },
  bytes: written.room.signer.publicKey,
});
const text = (item: Item | undefined) => (item?.body == null ? null : new TextDecoder().decode(item.body));
const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code).sort();
const byId = (items: readonly Item[], id: string) => items.find(({ messageId }) => messageId === id);

it('decrypts a room and says what refers to what', async () => {
  const { items, findings, counts } = await decode(lines(written));
  expect(counts).toEqual({ records: 13, decoded: 13, lost: 0, notCovered: 0 });
  expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT']);
  const { ids } = written;
  expect(text(byId(items, ids.hello))).toBe('Hello Bob');
  expect(byId(items, ids.hello)).toMatchObject({
    kind: 'message',
    sender: { type: 'matrix', value: ANN },
    conversation: '!room:chat.example',
  });
  expect(byId(items, ids.hello)?.authentication?.result).toBe('verified');
  expect(text(byId(items, ids.edit))).toBe('Hello, Bob');
  expect(byId(items, ids.edit)).toMatchObject({ kind: 'edit', refs: [{ rel: 'edits', id: ids.hello }] });
  expect(byId(items, ids.reply)?.refs).toEqual([{ rel: 'reply-to', id: ids.hello }]);
  expect(byId(items, ids.thread)?.refs).toEqual([{ rel: 'thread', id: ids.hello }]);
  expect(byId(items, ids.reaction)).toMatchObject({ kind: 'reaction', refs: [{ rel: 'reacts-to', id: ids.hello }] });
  expect(byId(items, ids.redaction)).toMatchObject({ kind: 'deletion', refs: [{ rel: 'deletes', id: ids.bob }] });
  expect(items.filter(({ kind }) => kind === 'membership').map(({ recipients }) => recipients?.[0]?.value)).toEqual([
    ANN,
    BOB,
  ]);
  expect(byId(items, ids.photo)?.attachments).toEqual([
    { name: 'photo.jpg', mime: 'image/jpeg', size: 3000, sha256: null, present: false },
  ]);
});

it.each(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'])(
  'recomputes ids, hashes and signatures of room version %s',
  async (version) => {
    const one = conversation(Number(version));
    const { items, findings } = await decode(lines(one), [...keysOf(one), serverKey()]);
    expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT']);
    expect(items.map(({ messageId }) => messageId)).toEqual(one.events.map(({ id }) => id));
    expect(new Set(items.map(({ conversation: room }) => room))).toEqual(new Set([one.room.room]));
    for (const { fields } of items) {
      expect(fields?.get('event_id_check')).toBe(Number(version) <= 2 ? 'named' : 'computed');
      expect(fields?.get('content_hash_check')).toBe('equal');
      expect(fields?.get('server_signature_check')).toBe('verified');
    }
    expect(text(byId(items, one.ids.hello))).toBe('Hello Bob');
  },
);

it('opens the file that an event names, and no other in its place', async () => {
  const path = 'media_store/local_content/Ab/Cd/EfGhIjKl';
  const { ciphertext } = written.media;
  const whole = await decode(lines(written), keysOf(written), { [path]: ciphertext });
  const sha256 = createHash('sha256').update(photo).digest('hex');
  expect(byId(whole.items, written.ids.photo)?.attachments).toEqual([
    { name: 'photo.jpg', mime: 'image/jpeg', size: 3000, sha256, present: true },
  ]);
  expect(byId(whole.items, written.ids.photo)?.sources).toEqual([{ path, offset: 0, length: 3000, row: null }]);
  const other = Buffer.from(ciphertext);
  other[7] = (other[7] as number) ^ 1;
  const changed = await decode(lines(written), keysOf(written), { [path]: other });
  expect(codes(changed.findings)).toEqual(['UNIT_UNVERIFIED']);
  expect(byId(changed.items, written.ids.photo)?.attachments[0]).toMatchObject({ present: false, sha256: null });
});

it('tells a missing key, a later key, a wrong key and a wrong passphrase from one another', async () => {
  const none = await decode(lines(written), []);
  expect(codes(none.findings)).toEqual(['KEY_MISSING', 'KEY_MISSING']);
  expect(none.counts).toMatchObject({ records: 13, lost: 6 });
  expect(none.items).toHaveLength(13);
  const wrong = await decode(lines(written), keysOf(written, 'wrong'));
  expect(codes(wrong.findings)).toEqual(['KEY_MISSING', 'KEY_MISSING', 'KEY_NOT_VERIFIED']);
  const [ann, bob] = written.sessions as [Conversation['sessions'][0], Conversation['sessions'][0]];
  const list = (session: object): SuppliedKey[] => [
    { for: 'matrix-sessions', bytes: Buffer.from(JSON.stringify([session, bob])), source: 'sessions.json' },
  ];
  const key = Buffer.from(ann.session_key, 'base64');
  key.writeUInt32BE(1, 1);
  const later = await decode(lines(written), list({ ...ann, session_key: key.toString('base64') }));
  expect(later.findings.map(({ code, records }) => [code, records])).toEqual([
    ['KEY_MISSING', 1],
    ['KEY_NOT_VERIFIED', 2],
  ]);
  expect(later.findings[0]?.detail).toContain('begins at 1');
  key[100] = (key[100] as number) ^ 1;
  const foreign = await decode(lines(written), list({ ...ann, session_id: bob.session_id }));
  expect(foreign.findings[0]).toMatchObject({ code: 'KEY_NOT_VERIFIED', class: 'doubt' });
});

it('finds what was changed, moved, repeated or left out', async () => {
  const events = written.events.map(({ event }) => structuredClone(event));
  const at = (id: string) => written.events.findIndex((one) => one.id === id);
  const changed = async (change: (all: typeof events) => void) => {
    const all = structuredClone(events);
    change(all);
    const bytes = Buffer.from(all.map((event) => `${JSON.stringify(event)}\n`).join(''));
    return decode(bytes, [...keysOf(written), serverKey()]);
  };
  const without = await changed((all) => all.splice(at(written.ids.edit), 1));
  expect(codes(without.findings)).toEqual(['REFERENCED_BUT_ABSENT', 'SEQUENCE_GAP', 'SEQUENCE_GAP']);
  expect(without.findings.find(({ detail }) => detail.includes('message number'))).toMatchObject({ records: 1 });
  const twice = await changed((all) => all.push(all[at(written.ids.hello)] as never));
  expect(codes(twice.findings)).toEqual(['DUPLICATE', 'REFERENCED_BUT_ABSENT']);
  const edited = await changed((all) => {
    (all[1] as { content: Record<string, unknown> }).content.displayname = 'Mallory';
  });
  expect(codes(edited.findings)).toEqual(['REFERENCED_BUT_ABSENT', 'UNIT_UNVERIFIED']);
  const flipped = await changed((all) => {
    const { content } = all[at(written.ids.hello)] as { content: Record<string, unknown> };
    content.ciphertext = (content.ciphertext as string).replace(
      /^(.{40})(.)/,
      (_, head, one) => head + (one === 'A' ? 'B' : 'A'),
    );
  });
  expect(flipped.findings.map(({ code }) => code)).toContain('AUTHENTICATION_FAILED');
  expect(text(byId(flipped.items, written.ids.edit))).toBe('Hello, Bob');
  expect(flipped.items.map(text)).not.toContain('Hello Bob');
  const replayed = await changed((all) => {
    const copy = structuredClone(all[at(written.ids.hello)]) as Record<string, unknown>;
    copy.origin_server_ts = 1_760_000_000_000;
    all.push(copy as never);
  });
  expect(codes(replayed.findings)).toContain('REPLAY');
});

it.each([5, 8, 10, 11])(
  'a redacted event of room version %i keeps its id and signature, and says what is gone',
  async (version) => {
    const one = conversation(version);
    const events = one.events.map(({ id, event }) => {
      const because = { event_id: one.ids.redaction };
      if (id !== one.ids.bob && event.type !== 'm.room.join_rules' && event.type !== 'm.room.power_levels')
        return event;
      return { ...redacted(event, version), unsigned: { redacted_because: because } };
    });
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const { items, findings, counts } = await decode(bytes, [...keysOf(one), serverKey()]);
    expect(items.map(({ messageId }) => messageId)).toEqual(one.events.map(({ id }) => id));
    expect(new Set(items.map(({ fields }) => fields?.get('server_signature_check')))).toEqual(new Set(['verified']));
    expect(byId(items, one.ids.bob)).toMatchObject({ kind: 'message', body: null });
    expect(byId(items, one.ids.bob)?.fields?.get('encryption')).toBe('redacted');
    expect(byId(items, one.ids.bob)?.fields?.get('content_hash_check')).toBe('redacted');
    expect(byId(items, one.ids.bob)?.fields?.get('redacted_by')).toBe(one.ids.redaction);
    expect([codes(findings), counts.lost]).toEqual([['REFERENCED_BUT_ABSENT'], 0]);
  },
);

it('reads documents of other shapes, and says that nothing in them can be verified', async () => {
  const client = written.events.map(({ id, event }) => ({
    event_id: id,
    type: event.type,
    sender: event.sender,
    room_id: written.room.room,
    origin_server_ts: event.origin_server_ts,
    content: event.content,
    ...(event.state_key === undefined ? {} : { state_key: event.state_key }),
    unsigned: { redacted_because: event },
  }));
  const document = Buffer.from(JSON.stringify({ room_name: 'x', messages: client }, null, 2));
  expect(detectFormat(probeOf('export.json', memorySource(document)))[0]?.format.name).toBe('matrix-events');
  const { items, counts, findings } = await decode(document);
  expect(counts).toEqual({ records: 13, decoded: 13, lost: 0, notCovered: 0 });
  expect(codes(findings)).toEqual(['REFERENCED_BUT_ABSENT']);
  expect(items.find(({ kind }) => kind === 'membership')?.authentication).toMatchObject({ result: 'none' });
  expect(text(byId(items, written.ids.hello))).toBe('Hello Bob');
  const byLine = Buffer.from(`{"chunk":[\n${client.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`);
  expect((await decode(byLine)).counts).toEqual(counts);
  const cut = await decode(document.subarray(0, document.length - 600));
  expect(codes(cut.findings)).toContain('TRUNCATED');
});

it('takes the version of a room from the state beside its events', async () => {
  const [create, ...later] = written.events;
  const state = Buffer.from(JSON.stringify(create?.event));
  const { items } = await decode(lines({ events: later }), keysOf(written), { 'rooms/x/state/$one': state });
  expect(items.every(({ fields }) => fields?.get('content_hash_check') === 'equal')).toBe(true);
  const { items: alone } = await decode(lines({ events: later }));
  expect(new Set(alone.map(({ fields }) => fields?.get('event_id_check')))).toEqual(new Set(['unknown-version']));
});

it('is recognised by its first line', () => {
  const [best] = detectFormat(probeOf('events', memorySource(lines(written))));
  expect(best).toMatchObject({ format: { name: 'matrix-events' }, claim: { confidence: 'certain' } });
});

it('opens a key backup as a client downloads it, and tells its key from another', async () => {
  const writer = new BackupWriter('ann', 'x');
  const [ann, bob] = written.sessions as [Conversation['sessions'][0], Conversation['sessions'][0]];
  const entry = (one: Conversation['sessions'][0]) => ({
    session_data: writer.seal({ ...one, session_id: undefined }, one.session_id),
  });
  const sessions = { [ann.session_id]: entry(ann), [bob.session_id]: entry(bob) };
  const backup = {
    for: 'matrix-key-backup',
    bytes: Buffer.from(JSON.stringify({ rooms: { '!room:chat.example': { sessions } } })),
    source: 'b.json',
  };
  const key = (bytes: Uint8Array): SuppliedKey => ({ for: 'matrix-backup-key', bytes, source: 'k' });
  const { items, findings } = await decode(lines(written), [backup, key(writer.secret)]);
  expect([text(byId(items, written.ids.hello)), codes(findings)]).toEqual(['Hello Bob', ['REFERENCED_BUT_ABSENT']]);
  expect(byId(items, written.ids.hello)?.fields?.get('key_source')).toBe('backup');
  const wrong = await decode(lines(written), [backup, key(Buffer.alloc(32, 9))]);
  expect(codes(wrong.findings)).toEqual(['KEY_MISSING', 'KEY_MISSING', 'KEY_NOT_VERIFIED']);
});

describeWithShared('the samples of Matrix', (shared) => {
  it.each(['alice', 'bob'])('%s: session and event give the known text', async (who) => {
    const bytes = await readFile(`${shared}/samples/matrix/${who}_vectors.json`);
    const sample = JSON.parse(bytes.toString());
    const keys = [{ for: 'matrix-sessions', bytes: Buffer.from(JSON.stringify([sample.session])), source: 'session' }];
    const event = Buffer.from(JSON.stringify(sample.encrypted_event));
    const { items } = await decode(event, keys);
    expect(items.map(text)).toEqual(['Hello world']);
    expect(items[0]?.authentication?.result).toBe('verified');
    // The file itself, which names its sessions in its own way, does as well.
    const whole = await decode(event, [{ for: 'matrix-sessions', bytes, source: 'whole' }]);
    expect(whole.items.map(text)).toEqual(['Hello world']);
  });
});
