import { setTimeout as sleep } from 'node:timers/promises';
import { RESERVED } from './object-name.ts';
import type { S3Connection } from './s3-connection.ts';
import { outcomeOf } from './s3-fault.ts';
import { busy, MultipartUpload, PART, type Part, PartReader } from './s3-upload.ts';
import type { CreateResult, StreamResult, Vault } from './vault.ts';

/** How many dead uploaders of one object are cut off before we give up. */
const MAX_TAKEOVERS = 20;
/** Between two looks at another's upload. */
const POLL_MS = 1000;
/** An upload id is some tens of characters; a marker is no longer than this. */
const MAX_MARKER = 4096;

/** What storing a stream needs of the vault it stores into. */
export interface StreamTarget extends Pick<Vault, 'info' | 'location'> {
  readonly connection: S3Connection;
  /** Whoever uploaded nothing for so long is taken to be dead and is cut off. */
  readonly uploadSilenceMs: number;
  keyOf(name: string): string;
  createKey(key: string, data: Uint8Array): Promise<CreateResult>;
  describe(name: string): Promise<StreamResult>;
}

interface Running {
  readonly target: StreamTarget;
  readonly name: string;
  readonly upload: MultipartUpload;
  readonly id: string;
}

/**
 * Stores a stream once. Up to PART bytes that is one conditional PUT. A multipart upload has no condition, so its
 * uploader is elected: markers `.tmp/upload/NAME/0`, `1`, … are created once, each holding an upload id, and only the
 * newest one's holder may complete. Before the next marker is made its predecessor's upload is aborted, and an
 * aborted upload cannot be completed: a process that was only slow cannot overwrite anything.
 */
export async function storeStream(
  target: StreamTarget,
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<StreamResult> {
  if ((await target.info(name)) !== null) return target.describe(name);
  const reader = new PartReader(chunks);
  try {
    const first = await reader.next(1);
    if (first !== null && first.length === PART) return await storeInParts(target, name, { first, reader });
    const result = await target.createKey(target.keyOf(name), first ?? new Uint8Array(0));
    return result === 'created' ? finished(reader) : await target.describe(name);
  } finally {
    await reader.close();
  }
}

async function storeInParts(
  target: StreamTarget,
  name: string,
  from: { first: Buffer; reader: PartReader },
): Promise<StreamResult> {
  const upload = new MultipartUpload(target.connection, target.keyOf(name));
  const running = { target, name, upload, id: await upload.begin() };
  let won: number | null = null;
  try {
    won = await elect(running);
    if (won !== null) await complete(running, await sendAll(running, from), from.reader.length);
  } catch (error) {
    // Taken for dead and cut off while we were only slow.
    throw ['gone', 'missing'].includes(outcomeOf(error)) ? busy(name, target.location) : error;
  } finally {
    // After completion this does nothing; in every other case nobody may complete it any more.
    await upload.abort(running.id).catch(() => {});
  }
  if (won !== null) {
    await dropMarkers(running, won);
    return finished(from.reader);
  }
  if ((await target.info(name)) === null) throw busy(name, target.location);
  return target.describe(name);
}

function finished(reader: PartReader): StreamResult {
  return { result: 'created', length: reader.length, sha256: reader.hash.digest() };
}

function markerKey({ target, name }: Running, generation: number): string {
  return target.keyOf(`${RESERVED}/upload/${name}/${generation}`);
}

/** The generation we hold, or null: the object stands already, or somebody else is storing it. */
async function elect(running: Running): Promise<number | null> {
  const { target, name, upload, id } = running;
  for (let generation = 0; generation < MAX_TAKEOVERS; generation++) {
    const mine = (await target.createKey(markerKey(running, generation), Buffer.from(id))) === 'created';
    // Markers go away only after the object stands, so whoever finds a marker free looks for the object next.
    if ((await target.info(name)) !== null) return null;
    if (mine) return generation;
    const other = await readMarker(running, generation);
    if (other === null || !(await isDead(running, other))) return null;
    await upload.abort(other.id);
    if ((await target.info(name)) !== null) return null;
  }
  return null;
}

interface Marker {
  readonly id: string;
  /** By the server's clock. */
  readonly begun: number;
}

/** Waits while another upload goes on: false when its object stands, or when it is still alive after the longest silence. */
async function isDead(running: Running, other: Marker): Promise<boolean> {
  const { target, name, upload } = running;
  const silence = target.uploadSilenceMs;
  const deadline = Date.now() + silence + 2 * POLL_MS;
  for (;;) {
    if ((await upload.idleMs(other.id, other.begun)) > silence) return true;
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
    if ((await target.info(name)) !== null) return false;
  }
}

async function readMarker(running: Running, generation: number): Promise<Marker | null> {
  const key = markerKey(running, generation);
  try {
    const { headers, body } = await running.target.connection.send({ method: 'GET', key, maxAnswer: MAX_MARKER });
    return { id: body.toString('utf8'), begun: Date.parse(headers['last-modified'] ?? '') };
  } catch (error) {
    if (outcomeOf(error) === 'missing') return null;
    throw error;
  }
}

async function sendAll(running: Running, from: { first: Buffer; reader: PartReader }): Promise<Part[]> {
  const parts: Part[] = [];
  for (let body: Buffer | null = from.first; body !== null; body = await from.reader.next(parts.length + 1)) {
    parts.push(await running.upload.sendPart(running.id, parts.length + 1, body));
  }
  return parts;
}

/** An answer that did not arrive leaves it open whether the object stands, so that is what is looked at. */
async function complete(running: Running, parts: readonly Part[], length: number): Promise<void> {
  const { target, name, upload, id } = running;
  try {
    await upload.complete(id, parts);
  } catch (error) {
    if ((await target.info(name))?.length === length) return;
    throw error;
  }
}

async function dropMarkers(running: Running, last: number): Promise<void> {
  for (let generation = 0; generation <= last; generation++) {
    const key = markerKey(running, generation);
    await running.target.connection.send({ method: 'DELETE', key, expect: [204] }).catch(() => {});
  }
}
