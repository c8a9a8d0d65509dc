import { setTimeout as sleep } from 'node:timers/promises';
import { releaseBytes } from '@custody/bytes';
import { RESERVED } from './object-name.ts';
import type { S3Connection } from './s3-connection.ts';
import { outcomeOf } from './s3-fault.ts';
import { busy, MultipartUpload, PART, type Part, PartReader } from './s3-upload.ts';
import type { CreateResult, StreamResult, Vault } from './vault.ts';

/** How many dead uploaders of one object are cut off before we give up. */
const MAX_TAKEOVERS = 20;
/** Between two looks at another's upload. */
const POLL_MS = 1000;
/** An upload id is some tens of characters, a key at most 1,024; a marker is no longer than this. */
const MAX_MARKER = 4096;

/** Where uploaders elect one of themselves: a plain bucket, which decides who creates a marker. */
export interface StreamMarkers {
  readonly connection: S3Connection;
  keyOf(name: string): string;
  createKey(key: string, data: Uint8Array): Promise<CreateResult>;
}

/** What storing a stream needs of the vault it stores into. */
export interface StreamTarget extends Pick<Vault, 'info' | 'location'> {
  readonly connection: S3Connection;
  readonly markers: StreamMarkers;
  /** Whoever uploaded nothing for so long is taken to be dead and is cut off. */
  readonly uploadSilenceMs: number;
  /** The key to upload an object to. */
  uploadKey(name: string): string;
  createKey(key: string, data: Uint8Array): Promise<CreateResult>;
  describe(name: string): Promise<StreamResult>;
  /** What is still to be done before the object stands, where an upload alone does not make it so. */
  settle?(name: string, upload: Uploaded): Promise<CreateResult>;
}

export interface Uploaded {
  readonly key: string;
  readonly length: number;
  readonly sha256: Uint8Array;
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
    const key = target.uploadKey(name);
    const created = await target.createKey(key, first ?? new Uint8Array(0));
    if (first !== null) releaseBytes(first);
    const result = created === 'created' ? await settled(target, name, { key, reader }) : created;
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
  const upload = new MultipartUpload(target.connection, target.uploadKey(name));
  const running = { target, name, upload, id: await upload.begin() };
  let won: number | null = null;
  let stands: CreateResult = 'created';
  try {
    won = await elect(running);
    if (won !== null) {
      await complete(running, await sendAll(running, from), from.reader.length);
      stands = await settled(target, name, { key: upload.key, reader: from.reader });
    }
  } catch (error) {
    // Taken for dead and cut off while we were only slow.
    throw ['gone', 'missing'].includes(outcomeOf(error)) ? busy(name, target.location) : error;
  } finally {
    // After completion this does nothing; in every other case nobody may complete it any more.
    await upload.abort(running.id).catch(() => {});
  }
  if (won !== null) {
    await dropMarkers(running, won);
    return stands === 'created' ? finished(from.reader) : target.describe(name);
  }
  if ((await target.info(name)) === null) throw busy(name, target.location);
  return target.describe(name);
}

async function settled(
  target: StreamTarget,
  name: string,
  { key, reader }: { readonly key: string; readonly reader: PartReader },
): Promise<CreateResult> {
  if (target.settle === undefined) return 'created';
  return target.settle(name, { key, length: reader.length, sha256: reader.hash.copy().digest() });
}

function finished(reader: PartReader): StreamResult {
  return { result: 'created', length: reader.length, sha256: reader.hash.digest() };
}

function markerKey({ target, name }: Running, generation: number): string {
  return target.markers.keyOf(`${RESERVED}/upload/${name}/${generation}`);
}

/** The generation we hold, or null: the object stands already, or somebody else is storing it. */
async function elect(running: Running): Promise<number | null> {
  const { target, name, upload, id } = running;
  for (let generation = 0; generation < MAX_TAKEOVERS; generation++) {
    const marker = Buffer.from(`${id}\n${upload.key}`);
    const mine = (await target.markers.createKey(markerKey(running, generation), marker)) === 'created';
    // Markers go away only after the object stands, so whoever finds a marker free looks for the object next.
    if ((await target.info(name)) !== null) return null;
    if (mine) return generation;
    const other = await readMarker(running, generation);
    if (other === null || !(await isDead(running, other))) return null;
    await other.upload.abort(other.id);
    if ((await target.info(name)) !== null) return null;
  }
  return null;
}

interface Marker {
  readonly id: string;
  readonly upload: MultipartUpload;
  /** By the server's clock. */
  readonly begun: number;
}

/** Waits while another upload goes on: false when its object stands, or when it is still alive after the longest silence. */
async function isDead(running: Running, other: Marker): Promise<boolean> {
  const { target, name } = running;
  const silence = target.uploadSilenceMs;
  const deadline = Date.now() + silence + 2 * POLL_MS;
  for (;;) {
    if ((await other.upload.idleMs(other.id, other.begun)) > silence) return true;
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
    if ((await target.info(name)) !== null) return false;
  }
}

async function readMarker(running: Running, generation: number): Promise<Marker | null> {
  const key = markerKey(running, generation);
  try {
    const { target } = running;
    const { headers, body } = await target.markers.connection.send({ method: 'GET', key, maxAnswer: MAX_MARKER });
    // Before there were keys of their own for uploads, a marker held the id alone.
    const [id = '', uploadKey = running.upload.key] = body.toString('utf8').split('\n');
    const begun = Date.parse(headers['last-modified'] ?? '');
    return { id, upload: new MultipartUpload(target.connection, uploadKey), begun };
  } catch (error) {
    if (outcomeOf(error) === 'missing') return null;
    throw error;
  }
}

/** The next part is gathered while one is on its way; both are met before anything is thrown, so none arrives late. */
async function sendAll(
  { upload, id }: Running,
  { first, reader }: { first: Buffer; reader: PartReader },
): Promise<Part[]> {
  const parts: Part[] = [];
  for (let body: Buffer | null = first; body !== null; ) {
    const number = parts.length + 1;
    const sending: Promise<Part> = upload.sendPart(id, number, body);
    const gathering: Promise<Buffer | null> = reader.next(number + 1);
    const [sent, next] = await Promise.allSettled([sending, gathering]);
    if (sent.status === 'rejected') throw sent.reason;
    if (next.status === 'rejected') throw next.reason;
    releaseBytes(body);
    parts.push(sent.value);
    body = next.value;
  }
  return parts;
}

/** An answer that did not arrive leaves it open whether the object stands, so that is what is looked at. */
async function complete(running: Running, parts: readonly Part[], length: number): Promise<void> {
  const { target, upload, id } = running;
  try {
    await upload.complete(id, parts);
  } catch (error) {
    if ((await uploadedLength(target.connection, upload.key)) === length) return;
    throw error;
  }
}

async function uploadedLength(connection: S3Connection, key: string): Promise<number | null> {
  try {
    return Number((await connection.send({ method: 'HEAD', key })).headers['content-length']);
  } catch (error) {
    if (outcomeOf(error) === 'missing') return null;
    throw error;
  }
}

async function dropMarkers(running: Running, last: number): Promise<void> {
  for (let generation = 0; generation <= last; generation++) {
    const key = markerKey(running, generation);
    await running.target.markers.connection.send({ method: 'DELETE', key, expect: [204] }).catch(() => {});
  }
}
