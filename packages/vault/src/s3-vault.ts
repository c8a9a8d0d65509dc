import { createHash } from 'node:crypto';
import { CustodyError, UsageError } from '@custody/bytes';
import { resolveRange } from './directory-read.ts';
import type { VaultErrorCode } from './errors.ts';
import { checkName, checkPrefix, checkRemovable, checkViewName, RESERVED } from './object-name.ts';
import { connectS3, type S3Answer, type S3Connection, type S3Options } from './s3-connection.ts';
import { outcomeOf, s3Error } from './s3-fault.ts';
import { listKeys } from './s3-list.ts';
import { type StreamMarkers, type StreamTarget, storeStream } from './s3-stream.ts';
import { MultipartUpload } from './s3-upload.ts';
import { SourceFailure } from './source-failure.ts';
import { missing, type StoreAct } from './store-error.ts';
import {
  type ByteRange,
  type CreateResult,
  MAX_WHOLE_READ,
  type ObjectInfo,
  type StreamResult,
  type Vault,
} from './vault.ts';

/** A stream is read by ranges of this length, each tried again by itself. */
const PIECE = 8 * 1024 * 1024;
const UPLOAD_SILENCE_MS = 180_000;

/** Where the bytes of a name are: its key, and which version of it where that is not the newest. */
export interface ObjectAddress {
  readonly key: string;
  readonly version?: string;
}

/**
 * A vault in a bucket, below a prefix. `create` is a single-part PUT with `If-None-Match: *`, which the server
 * decides: 412 where the key exists, 409 where another write of it is under way. After an answer that did not arrive
 * the object is read and compared, for the write may have happened. ETags are not used: they are no hash of content.
 *
 * The promise is the server's: the bucket must be plain (unversioned), and the server must honour the condition.
 * `probeVault` shows whether it does.
 */
export class S3Vault implements Vault, StreamTarget {
  readonly location: string;
  readonly connection: S3Connection;
  readonly markers: StreamMarkers;
  readonly uploadSilenceMs: number;
  readonly #root: string;
  readonly #maxWholeRead: number;
  readonly #addressOf: (name: string) => Promise<ObjectAddress | null>;

  /** `addressOf` answers null for a name that no object bears; default: the key of the name. */
  constructor(
    connection: S3Connection,
    options: S3Options,
    addressOf?: (name: string) => Promise<ObjectAddress | null>,
  ) {
    this.connection = connection;
    this.markers = this;
    this.#addressOf = addressOf ?? (async (name) => ({ key: this.keyOf(name) }));
    this.#root = options.prefix === '' ? '' : `${options.prefix}/`;
    this.location = `s3://${options.bucket}${options.prefix === '' ? '' : `/${options.prefix}`}`;
    this.uploadSilenceMs = options.uploadSilenceMs ?? UPLOAD_SILENCE_MS;
    this.#maxWholeRead = options.maxWholeRead ?? MAX_WHOLE_READ;
  }

  create(name: string, data: Uint8Array): Promise<CreateResult> {
    return this.#do('storing', name, () => this.createKey(this.keyOf(name), data));
  }

  createFromStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<StreamResult> {
    return this.#do('storing', name, () => storeStream(this, name, chunks));
  }

  read(name: string, range?: ByteRange): Promise<Uint8Array> {
    return this.#do('reading', name, async (act) => {
      if (range === undefined) return this.#readWhole(name, act);
      resolveRange(range, Number.MAX_SAFE_INTEGER, act);
      if (range.length > this.#maxWholeRead) throw tooLarge(act, range.length);
      return this.#readRange(name, range, act);
    });
  }

  /** What differs is read again as a whole: a server may have sent less than there is. */
  holds(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#do('reading', name, async (act) => {
      const address = await this.#addressOf(name);
      if (address === null) throw missing(act);
      if (await this.connection.matches({ method: 'GET', ...located(address) }, bytes)) return true;
      return Buffer.compare(await this.#readWhole(name, act), bytes) === 0;
    });
  }

  async *readStream(name: string, range?: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
    checkName(name);
    const act = this.#act('reading', name);
    const info = await this.info(name);
    if (info === null) throw missing(act);
    const { offset, length } = resolveRange(range, info.length, act);
    const fetch = (at: number): Promise<Uint8Array> | null =>
      at < length ? this.read(name, { offset: offset + at, length: Math.min(PIECE, length - at) }) : null;
    let next = fetch(0);
    for (let at = PIECE; next !== null; at += PIECE) {
      const piece = await next;
      // One piece ahead, while the caller works on this one. Its failure is thrown when its turn comes.
      next = fetch(at);
      next?.catch(() => {});
      yield piece;
    }
  }

  info(name: string): Promise<ObjectInfo | null> {
    return this.#do('looking at', name, async () => {
      try {
        const address = await this.#addressOf(name);
        if (address === null) return null;
        const { headers } = await this.connection.send({ method: 'HEAD', ...located(address) });
        return { name, length: Number(headers['content-length']) };
      } catch (error) {
        if (outcomeOf(error) === 'missing') return null;
        throw error;
      }
    });
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
    checkPrefix(prefix);
    try {
      for await (const { key, length } of listKeys(this.connection, this.#root + prefix)) {
        const name = key.slice(this.#root.length);
        if (!name.startsWith(`${RESERVED}/`)) yield { name, length };
      }
    } catch (error) {
      throw this.#translate(error, this.#act('listing', prefix || 'all objects'));
    }
  }

  destroy(name: string): Promise<void> {
    return this.#do('destroying', name, async () => {
      const key = this.keyOf(name);
      await this.connection.send({ method: 'PUT', key });
      // An upload that began before could still complete over the empty object, so it is cut off. One that begins
      // later sees the empty object.
      const upload = new MultipartUpload(this.connection, key);
      const running = await upload.running();
      if (running.length === 0) return;
      for (const id of running) await upload.abort(id);
      await this.connection.send({ method: 'PUT', key });
    });
  }

  uploadKey(name: string): string {
    return this.keyOf(name);
  }

  /** A PUT without a condition: S3 shows the old object or the new one, whole, and the last PUT wins. */
  replace(name: string, data: Uint8Array): Promise<void> {
    return this.#do('storing', name, async () => {
      checkViewName(name);
      const body = Buffer.from(data.buffer, data.byteOffset, data.length);
      await this.connection.send({ method: 'PUT', key: this.keyOf(name), body });
    });
  }

  remove(name: string): Promise<void> {
    return this.#do('removing', name, async () => {
      checkRemovable(name);
      await this.connection.send({ method: 'DELETE', key: this.keyOf(name), expect: [200, 204] });
    });
  }

  /** The key in the bucket, also of names under `.tmp/`. */
  keyOf(name: string): string {
    return this.#root + name;
  }

  /** The conditional PUT. Errors as they come from the connection. */
  async createKey(key: string, data: Uint8Array): Promise<CreateResult> {
    const body = Buffer.from(data.buffer, data.byteOffset, data.length);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.connection.once({ method: 'PUT', key, body, headers: { 'if-none-match': '*' } });
        return 'created';
      } catch (error) {
        const outcome = outcomeOf(error);
        // Our own earlier try may be what is in the way: its answer was lost, or a gateway between sent it twice.
        if (outcome === 'taken') return (await this.#holds(key, data)) ? 'created' : 'exists';
        if (!['away', 'conflict'].includes(outcome) || attempt >= this.connection.attempts) throw error;
        await this.connection.pause(attempt);
      }
    }
  }

  /** SHA-256 and length of what is stored. */
  async describe(name: string): Promise<StreamResult> {
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of this.readStream(name)) {
      hash.update(piece);
      length += piece.length;
    }
    return { result: 'exists', length, sha256: hash.digest() };
  }

  /** An empty object is one that was destroyed, and nobody's. */
  async #holds(key: string, data: Uint8Array): Promise<boolean> {
    if (data.length === 0) return false;
    const { headers } = await this.connection.send({ method: 'HEAD', key });
    if (Number(headers['content-length']) !== data.length) return false;
    const { body } = await this.connection.send({ method: 'GET', key, maxAnswer: data.length });
    return body.equals(data);
  }

  /** One request for all but long objects: it asks for a first piece, and the answer says how long the object is. */
  async #readWhole(name: string, act: StoreAct): Promise<Uint8Array> {
    const piece = Math.min(PIECE, this.#maxWholeRead);
    const answer = await this.#get(name, { offset: 0, length: piece });
    if (answer !== null && totalOf(answer) === answer.body.length) return answer.body;
    // Empty, longer than the piece, or a server that does not say.
    const info = await this.info(name);
    if (info === null) throw missing(act);
    if (info.length > this.#maxWholeRead) throw tooLarge(act, info.length);
    return this.#readRange(name, { offset: 0, length: info.length }, act);
  }

  async #readRange(name: string, range: ByteRange, act: StoreAct): Promise<Uint8Array> {
    // HTTP has no empty range; a look at the length answers it.
    if (range.length === 0) return this.#readNothing(name, range, act);
    const answer = await this.#get(name, range);
    if (answer === null || answer.body.length !== range.length) {
      const info = await this.info(name);
      if (info === null) throw missing(act);
      resolveRange(range, info.length, act);
      throw new Error('the server sent another range than it was asked for');
    }
    return answer.body;
  }

  /** Null where the range begins beyond the end. */
  async #get(name: string, { offset, length }: ByteRange): Promise<S3Answer | null> {
    const headers = { range: `bytes=${offset}-${offset + length - 1}` };
    try {
      const address = await this.#addressOf(name);
      if (address === null) return null;
      const request = { method: 'GET', headers, expect: [200, 206], maxAnswer: length } as const;
      return await this.connection.send({ ...request, ...located(address) });
    } catch (error) {
      if (outcomeOf(error) === 'short') return null;
      throw error;
    }
  }

  async #readNothing(name: string, range: ByteRange, act: StoreAct): Promise<Uint8Array> {
    const info = await this.info(name);
    if (info === null) throw missing(act);
    resolveRange(range, info.length, act);
    return new Uint8Array(0);
  }

  #act(doing: string, what: string): StoreAct {
    return { doing, what, location: this.location };
  }

  async #do<T>(doing: string, name: string, work: (act: StoreAct) => Promise<T>): Promise<T> {
    checkName(name);
    const act = this.#act(doing, name);
    try {
      return await work(act);
    } catch (error) {
      throw this.#translate(error, act);
    }
  }

  #translate(error: unknown, act: StoreAct): unknown {
    if (error instanceof SourceFailure) return error.original;
    if (error instanceof CustodyError || error instanceof TypeError || error instanceof ReferenceError) return error;
    return s3Error(error, act);
  }
}

/** Length of the object that an answer is a range of (RFC 9110, 14.4); null where it is not said. */
function totalOf({ headers }: S3Answer): number | null {
  const total = /^bytes 0-\d+\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

function located({ key, version }: ObjectAddress): { readonly key: string; readonly query?: string } {
  return version === undefined ? { key } : { key, query: `versionId=${encodeURIComponent(version)}` };
}

function tooLarge(act: StoreAct, length: number): UsageError<VaultErrorCode> {
  return new UsageError(
    'OBJECT_TOO_LARGE',
    `${act.what} in ${act.location} has ${length} bytes: read it as a stream or by ranges.`,
  );
}

/** Opens a vault in an S3 bucket. Nothing is sent yet. Throws UsageError LOCATION_INVALID. */
export async function openS3Vault(options: S3Options): Promise<Vault> {
  return new S3Vault(await connectS3(options), options);
}
