import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { BatchWriter } from '@custody/evidence';
import {
  DecryptionSettings,
  DeviceId,
  initAsync,
  OlmMachine,
  RoomId,
  TrustRequirement,
  UserId,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import Olm from '@matrix-org/olm';
import { matrixEvents } from '../src/formats/matrix/index.ts';
import { looseBase64 } from '../src/formats/matrix/loose-base64.ts';
import { readMegolmMessage } from '../src/formats/matrix/megolm-message.ts';
import { MegolmSession, readSessionKey } from '../src/formats/matrix/megolm-session.ts';
import { OutboundSession, seeded } from '../src/formats/matrix/testing/write-keys.ts';
import { ANN, RoomWriter } from '../src/formats/matrix/testing/write-room.ts';
import { MemoryScratch } from '../src/testing/memory-scratch.ts';
import { memorySource } from '../src/testing/memory-source.ts';

/**
 * Microseconds of processor time a message: decrypting and verifying the same Megolm events, here and by two peers; then the
 * whole decoder with hashes and server signatures. Usage: matrix.bench.ts [messages]
 */
const messages = Number(process.argv[2] ?? 4000);
const A_SESSION = 100;
await Promise.all([initAsync(), Olm.init()]);

const room = new RoomWriter(10);
room.send(ANN, 'm.room.create', { creator: ANN, room_version: '10' }, { state_key: '' });
const sessions: { session_id: string; session_key: string }[] = [];
let session = new OutboundSession('0');
for (let i = 0; i < messages; i++) {
  if (i % A_SESSION === 0) {
    session = new OutboundSession(`${i}`);
    sessions.push({ session_id: session.id, session_key: session.exported });
  }
  const body = `message ${i} ${createHash('sha256').update(`${i}`).digest('base64').repeat(4)}`;
  room.encrypt(session, ANN, { type: 'm.room.message', content: { msgtype: 'm.text', body } });
}
const events = room.events
  .slice(1)
  .map(({ id, event }) => ({ id, event, content: event.content as Record<string, string> }));
const listed = sessions.map((one) => ({
  ...one,
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: room.room,
  sender_key: seeded('curve', 32).toString('base64').replace(/=+$/, ''),
  sender_claimed_keys: { ed25519: one.session_id },
  forwarding_curve25519_key_chain: [],
}));
console.log(`${cpus()[0]?.model}, Node ${process.version}, ${messages} messages, ${A_SESSION} a session`);

const timed = async (work: () => Promise<number> | number): Promise<number> => {
  const from = process.cpuUsage();
  const done = await work();
  const { user, system } = process.cpuUsage(from);
  if (done !== messages) throw new Error(`${done} of ${messages} opened`);
  return (user + system) / messages;
};

function ours(): number {
  const open = new Map(
    sessions.map((one) => [
      one.session_id,
      new MegolmSession(
        readSessionKey(looseBase64(one.session_key) as Buffer) as NonNullable<ReturnType<typeof readSessionKey>>,
      ),
    ]),
  );
  let done = 0;
  for (const { content } of events) {
    const message = readMegolmMessage(looseBase64(content.ciphertext as string) as Buffer);
    const opened = message === null ? null : open.get(content.session_id as string)?.open(message);
    if (opened?.outcome === 'opened' && JSON.parse(opened.plaintext.toString()).room_id === room.room) done++;
  }
  return done;
}

function olm(): number {
  const open = new Map(
    sessions.map((one) => {
      const inbound = new Olm.InboundGroupSession();
      inbound.import_session(one.session_key);
      return [one.session_id, inbound];
    }),
  );
  let done = 0;
  for (const { content } of events) {
    const { plaintext } = open.get(content.session_id as string)?.decrypt(content.ciphertext as string) ?? {
      plaintext: '{}',
    };
    if (JSON.parse(plaintext).room_id === room.room) done++;
  }
  for (const one of open.values()) one.free();
  return done;
}

async function rust(): Promise<number> {
  const machine = await OlmMachine.initialize(new UserId('@lab:chat.example'), new DeviceId('LAB'));
  await machine.importExportedRoomKeys(JSON.stringify(listed), () => {});
  let done = 0;
  const settings = new DecryptionSettings(TrustRequirement.Untrusted);
  for (const { id, event } of events) {
    const opened = await machine.decryptRoomEvent(
      JSON.stringify({ ...event, event_id: id }),
      new RoomId(room.room),
      settings,
    );
    if (JSON.parse(opened.event).room_id === room.room) done++;
  }
  machine.close();
  return done;
}

async function whole(): Promise<number> {
  const bytes = Buffer.from(room.events.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
  const file = { name: 'events', source: memorySource(bytes) };
  const keys = [
    { for: 'matrix-sessions', bytes: Buffer.from(JSON.stringify(listed)), source: 'bench' },
    { for: 'matrix-server-key', id: 'chat.example ed25519:a_one', bytes: room.signer.publicKey, source: 'bench' },
  ];
  const context = { keyring: { keys }, scratch: new MemoryScratch() };
  const plan = await matrixEvents.prepare(file, context);
  const decoder = matrixEvents.open(plan, file, context);
  const out = new BatchWriter();
  let decoded = -1;
  for (const unit of plan.units) {
    decoded += decoder.decode(unit, out).counts.decoded;
    out.batch();
    out.clear();
  }
  return decoded;
}

const runs: Record<string, () => Promise<number> | number> = {
  'custody, Megolm': ours,
  '@matrix-org/olm': olm,
  'matrix-sdk-crypto-wasm': rust,
  'custody, whole decoder': whole,
};
const best = new Map<string, number>();
for (let round = 0; round < 3; round++) {
  for (const [name, run] of Object.entries(runs))
    best.set(name, Math.min(best.get(name) ?? Infinity, await timed(run)));
}
for (const [name, micros] of best) console.log(`${name.padEnd(24)} ${micros.toFixed(1)} µs`);
const peer = Math.min(best.get('@matrix-org/olm') as number, best.get('matrix-sdk-crypto-wasm') as number);
console.log(
  `the faster peer needs ${(peer / (best.get('custody, Megolm') as number)).toFixed(2)} × the time of custody`,
);
