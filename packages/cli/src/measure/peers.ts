import { createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

/** A line of our generator's dump. */
interface Line {
  readonly type: string;
  readonly id: string;
  readonly conv: string;
  readonly from: string;
  readonly kid: string;
  readonly iv: string;
  readonly ct: string;
}

const BATCH = 4096;

/**
 * node:crypto alone: every payload decrypted and authenticated one by one. Only that is measured, not what it takes
 * to have keys, IVs and ciphertexts at hand.
 */
export async function decryptPayloads(
  dump: string,
  keyring: string,
): Promise<{ count: number; measured: { wall: number; cpu: number } }> {
  const keys = keysOf(keyring);
  const measured = { wall: 0, cpu: 0 };
  let count = 0;
  let batch: Line[] = [];
  const flush = (): void => {
    const sealed = batch.map((line) => ({
      line,
      iv: Buffer.from(line.iv, 'base64'),
      ct: Buffer.from(line.ct, 'base64'),
    }));
    const started = performance.now();
    const before = process.cpuUsage();
    for (const { line, iv, ct } of sealed) decrypt(keys, line, iv, ct);
    const { user, system } = process.cpuUsage(before);
    measured.wall += (performance.now() - started) / 1000;
    measured.cpu += (user + system) / 1e6;
    count += batch.length;
    batch = [];
  };
  for await (const line of linesOf(dump)) {
    batch.push(line);
    if (batch.length === BATCH) flush();
  }
  flush();
  return { count, measured };
}

/** What a script would do: parse, decrypt, hash, append lines. No ledger, no sealing, no index. */
export async function naiveRun(dump: string, keyring: string, out: string): Promise<number> {
  const keys = keysOf(keyring);
  const file = await open(out, 'w');
  let count = 0;
  let pending: string[] = [];
  for await (const line of linesOf(dump)) {
    const text = decrypt(keys, line, Buffer.from(line.iv, 'base64'), Buffer.from(line.ct, 'base64')).toString('utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    pending.push(JSON.stringify({ id: line.id, conversation: line.conv, from: line.from, text, sha256 }));
    count++;
    if (pending.length < BATCH) continue;
    await file.write(`${pending.join('\n')}\n`);
    pending = [];
  }
  await file.write(`${pending.join('\n')}\n`);
  await file.sync();
  await file.close();
  return count;
}

/** node:sqlite reading the message table in clear, in order: what reading alone takes without any cryptography. */
export async function scanDatabase(path: string): Promise<number> {
  const database = new DatabaseSync(path, { readOnly: true });
  let count = 0;
  let bytes = 0;
  const rows = database
    .prepare(
      'SELECT _id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, text_data FROM message',
    )
    .iterate();
  for (const row of rows) {
    bytes += typeof row.text_data === 'string' ? row.text_data.length : 0;
    count++;
  }
  database.close();
  if (bytes === 0) throw new Error('the database has no text');
  return count;
}

function decrypt(keys: ReadonlyMap<string, KeyObject>, line: Line, iv: Buffer, ct: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keys.get(line.kid) as KeyObject, iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`${line.id}|${line.conv}|${line.from}`));
  decipher.setAuthTag(ct.subarray(-16));
  const plain = decipher.update(ct.subarray(0, -16));
  decipher.final();
  return plain;
}

async function* linesOf(dump: string): AsyncGenerator<Line> {
  for await (const text of createInterface({ input: createReadStream(dump, { highWaterMark: 1 << 20 }) })) {
    const line = JSON.parse(text) as Line;
    if (line.type === 'message') yield line;
  }
}

function keysOf(keyring: string): Map<string, KeyObject> {
  const { keys } = JSON.parse(readFileSync(keyring, 'utf8')) as { keys: { id: string; hex: string }[] };
  return new Map(keys.map(({ id, hex }) => [id, createSecretKey(Buffer.from(hex, 'hex'))]));
}
