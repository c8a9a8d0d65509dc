import { createHash, type Hash } from 'node:crypto';
import { UnavailableError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import type { S3Connection } from './s3-connection.ts';
import { HttpFault, outcomeOf } from './s3-fault.ts';
import { textOf } from './s3-list.ts';
import { markSource } from './source-failure.ts';

/** Ours: up to this length a stream is stored by one conditional PUT; beyond it, in parts of this length. */
export const PART: number = 16 * 1024 * 1024;
/** S3: at most 10,000 parts. Larger parts from some point on make room for 1 TiB. */
const SMALL_PARTS = 2000;
const LARGE_PART = 128 * 1024 * 1024;

/** Requests that carry the bytes of an object of `length` bytes to S3. */
export function uploadRequests(length: number): number {
  const small = Math.min(SMALL_PARTS, Math.ceil(length / PART));
  return Math.max(1, small) + Math.ceil(Math.max(0, length - SMALL_PARTS * PART) / LARGE_PART);
}

export interface Part {
  readonly number: number;
  readonly etag: string;
}

/** The multipart calls on one key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export class MultipartUpload {
  readonly #connection: S3Connection;
  readonly key: string;

  constructor(connection: S3Connection, key: string) {
    this.#connection = connection;
    this.key = key;
  }

  async begin(): Promise<string> {
    const { body } = await this.#connection.send({ method: 'POST', key: this.key, query: 'uploads=' });
    const id = textOf(body.toString('utf8'), 'UploadId');
    if (id === null || id === '') throw new HttpFault(200);
    return id;
  }

  async sendPart(id: string, number: number, body: Buffer): Promise<Part> {
    const query = `partNumber=${number}&uploadId=${encodeURIComponent(id)}`;
    const { headers } = await this.#connection.send({ method: 'PUT', key: this.key, query, body });
    return { number, etag: headers.etag ?? '' };
  }

  async complete(id: string, parts: readonly Part[]): Promise<void> {
    const list = parts.map(
      (p) => `<Part><PartNumber>${p.number}</PartNumber><ETag>${p.etag.replaceAll('"', '&quot;')}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`;
    const query = `uploadId=${encodeURIComponent(id)}`;
    const { body } = await this.#connection.send({ method: 'POST', key: this.key, query, body: Buffer.from(xml) });
    // The server may answer 200 first and put an error in the body.
    if (!body.includes('<CompleteMultipartUploadResult')) throw new HttpFault(500);
  }

  /** Afterwards nobody can complete this upload any more. No error if it is gone already. */
  async abort(id: string): Promise<void> {
    const query = `uploadId=${encodeURIComponent(id)}`;
    try {
      await this.#connection.send({ method: 'DELETE', key: this.key, query, expect: [204] });
    } catch (error) {
      if (!['gone', 'missing'].includes(outcomeOf(error))) throw error;
    }
  }

  /** Ids of all uploads of this key that are under way. */
  async running(): Promise<string[]> {
    const query = `prefix=${encodeURIComponent(this.key)}&uploads=`;
    const { body } = await this.#connection.send({ method: 'GET', query });
    const uploads = [...body.toString('utf8').matchAll(/<Upload>(.*?)<\/Upload>/gs)].map(
      ([, upload]) => upload as string,
    );
    return uploads.filter((u) => textOf(u, 'Key') === this.key).flatMap((u) => textOf(u, 'UploadId') ?? []);
  }

  /** Milliseconds since the last part arrived, or since `begun` (all by the server's clock). Infinite for one that is gone. */
  async idleMs(id: string, begun: number): Promise<number> {
    try {
      const query = `max-parts=1000&uploadId=${encodeURIComponent(id)}`;
      const { headers, body } = await this.#connection.send({ method: 'GET', key: this.key, query });
      const times = [...body.toString('utf8').matchAll(/<LastModified>([^<]*)</g)].map(([, at]) =>
        Date.parse(at as string),
      );
      const last = Math.max(begun, ...times.filter((t) => !Number.isNaN(t)));
      return Date.parse(headers.date ?? '') - last;
    } catch (error) {
      if (['gone', 'missing'].includes(outcomeOf(error))) return Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}

/** Gathers a stream into parts; the last one is shorter, and there is none after a stream of whole parts. */
export class PartReader {
  readonly hash: Hash = createHash('sha256');
  length = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = markSource(chunks)[Symbol.asyncIterator]();
  }

  /** Part `number` (from 1), or null at the end of the stream. */
  async next(number: number): Promise<Buffer | null> {
    const size = number <= SMALL_PARTS ? PART : LARGE_PART;
    let room: Buffer | null = null;
    let length = 0;
    while (length < size && (this.#rest.length > 0 || (await this.#pull()))) {
      const part = this.#rest.subarray(0, size - length);
      this.#rest = this.#rest.subarray(part.length);
      // Copied at once: a chunk of the stream holds only until the next one is asked for. Untouched room costs nothing.
      room ??= Buffer.allocUnsafeSlow(size);
      room.set(part, length);
      length += part.length;
    }
    if (room === null) return null;
    const bytes = room.subarray(0, length);
    this.hash.update(bytes);
    this.length += length;
    return bytes;
  }

  /** Lets the stream go where it is not read to its end. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
    this.#ended = true;
  }

  async #pull(): Promise<boolean> {
    while (!this.#ended && this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) this.#ended = true;
      else this.#rest = next.value;
    }
    return !this.#ended;
  }
}

/** Somebody else is storing the object just now. */
export function busy(name: string, location: string): UnavailableError<VaultErrorCode> {
  return new UnavailableError(
    'STORE_BUSY',
    `Another process is uploading ${name} to ${location}. Run the command again when it is done; if it died, its upload is taken over.`,
  );
}
