import { createHash } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseBytes, UsageError } from '@custody/bytes';
import type { Client, ClientOptions } from 'minio';
import type { VaultErrorCode } from './errors.ts';
import { HttpFault, outcomeOf } from './s3-fault.ts';

export interface S3Options {
  /** `http://host:port` or `https://host`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Every key begins with this and a slash; may be empty. */
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
  /** Default us-east-1, which servers other than AWS accept. */
  readonly region?: string;
  /** PEM of the authorities that the server's certificate may come from, in place of the system's. */
  readonly ca?: string;
  /** How often a request is tried before STORE_UNAVAILABLE. Default 5. */
  readonly attempts?: number;
  /** A request whose connection is silent for so long has failed. Default 30 s. */
  readonly silenceMs?: number;
  /**
   * A long upload to which nothing was added for so long is taken over by the next process that stores the object.
   * Default 3 minutes: longer than all tries of one part, and a process that was only slow is refused, not harmed.
   */
  readonly uploadSilenceMs?: number;
  /** Cap on whole reads, in bytes. Default 1 GiB. */
  readonly maxWholeRead?: number;
}

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'HEAD' | 'POST' | 'DELETE';
  readonly key?: string;
  /** Encoded already. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly expect?: readonly number[];
  /** Longest answer that is read. Default 16 MiB; a longer one is an error of the server. */
  readonly maxAnswer?: number;
}

export interface S3Answer {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const ATTEMPTS = 5;
const SILENCE_MS = 30_000;
/** First wait before trying again; doubled each time, and a random part of it is taken so that many do not come back at once. */
const FIRST_WAIT_MS = 100;
/** Longest wait between two tries. */
const MAX_WAIT_MS = 5_000;
const AGENT = { keepAlive: true, maxSockets: 64 };
const DEFAULT_REGION = 'us-east-1';
const MAX_ANSWER = 16 * 1024 * 1024;
/** Room for an answer whose length the server does not say. */
const FIRST_ROOM = 64 * 1024;
/** Answered by the number alone, before the body is read: conflicts, and what is worth another try. */
const BY_STATUS = new Set([408, 409, 412, 429, 500, 502, 503, 504]);

/** What servers say of a bucket that this key's owner has made before. */
const OWNED = new Set(['BucketAlreadyOwnedByYou', 'BucketAlreadyExists']);

/** Signed requests to one bucket, through minio's client, with a limit on silence, and retries of our own. */
export class S3Connection {
  readonly #client: Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #attempts: number;
  readonly #encrypted: boolean;

  constructor(client: Client, options: S3Options) {
    this.#client = client;
    this.#bucket = options.bucket;
    this.#region = options.region ?? DEFAULT_REGION;
    this.#attempts = options.attempts ?? ATTEMPTS;
    this.#encrypted = options.endpoint.startsWith('https:');
  }

  /** One try. Errors as they come; see outcomeOf. */
  async once(request: S3Request): Promise<S3Answer> {
    const response = await this.#answer(request);
    return { headers: response.headers, body: await readBody(response, request.maxAnswer ?? MAX_ANSWER) };
  }

  async #answer(request: S3Request): Promise<http.IncomingMessage> {
    const { method, key, query, body = Buffer.alloc(0), expect = [200] } = request;
    const headers: Record<string, string> = { ...request.headers };
    // Over http the signature covers the body's SHA-256; over https it does not, and this takes its place.
    if (this.#encrypted && body.length > 0) headers['content-md5'] = createHash('md5').update(body).digest('base64');
    const where = { bucketName: this.#bucket, ...(key !== undefined && { objectName: key }) };
    const options = { method, ...where, ...(query !== undefined && { query }), headers };
    return this.#client.makeRequestAsync(options, body, [...expect]);
  }

  /** Tries again after what may pass. Only for requests that may be repeated without harm. */
  send(request: S3Request): Promise<S3Answer> {
    return this.#patiently(() => this.once(request));
  }

  /** Whether the answer's body is `bytes`, compared as it comes and never held whole. Tries again as `send`. */
  matches(request: S3Request, bytes: Uint8Array): Promise<boolean> {
    return this.#patiently(async () => {
      let at = 0;
      for await (const part of (await this.#answer(request)) as AsyncIterable<Buffer>) {
        const end = at + part.length;
        if (end > bytes.length || !part.equals(bytes.subarray(at, end))) return false;
        at = end;
        releaseChunk(part);
      }
      return at === bytes.length;
    });
  }

  async #patiently<T>(once: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once();
      } catch (error) {
        if (!['away', 'conflict'].includes(outcomeOf(error)) || attempt >= this.#attempts) throw error;
        await this.pause(attempt);
      }
    }
  }

  /** Makes the bucket; one that we own already stays as it is. Lock can be had at no other time on most servers. */
  async makeBucket(lock: boolean): Promise<void> {
    try {
      await this.#client.makeBucket(this.#bucket, this.#region, lock ? { ObjectLocking: true } : {});
    } catch (error) {
      if (!OWNED.has(String((error as { code?: unknown }).code))) throw error;
    }
  }

  get attempts(): number {
    return this.#attempts;
  }

  async pause(attempt: number): Promise<void> {
    await sleep(Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2));
  }
}

/** What came in, in one piece: each chunk is let go as soon as it is copied, or the collector would be kept busy by them. */
async function readBody(response: http.IncomingMessage, max: number): Promise<Buffer> {
  let room: Buffer = Buffer.allocUnsafeSlow(roomFor(response, max));
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    if (length + part.length > max) {
      response.destroy();
      throw new HttpFault(200);
    }
    if (length + part.length > room.length) room = grown(room, length, Math.min(max, 2 * (length + part.length)));
    room.set(part, length);
    length += part.length;
    releaseChunk(part);
  }
  return room.subarray(0, length);
}

/** As long as the server says the answer is, as far as that may be; where it says nothing, small. */
function roomFor({ headers }: http.IncomingMessage, max: number): number {
  const stated = Number(headers['content-length'] ?? FIRST_ROOM);
  return Number.isSafeInteger(stated) && stated >= 0 ? Math.min(stated, max) : FIRST_ROOM;
}

function grown(room: Buffer, length: number, size: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(size);
  room.copy(larger, 0, 0, length);
  releaseBytes(room);
  return larger;
}

/** Where a chunk shares its memory with others it is left alone. */
function releaseChunk(chunk: Buffer): void {
  if (chunk.length === chunk.buffer.byteLength) releaseBytes(chunk);
}

/** minio sets no limit on silence and would print its own retries; both are done here, where every request passes. */
function transportFor(secure: boolean, silenceMs: number): NonNullable<ClientOptions['transport']> {
  const request = (options: http.RequestOptions, answer: (response: http.IncomingMessage) => void) => {
    const sent = (secure ? https : http).request(options, (response) => {
      // Answered before the body was all sent: nobody may read on from memory that its owner is about to give back.
      if (!sent.writableFinished) response.once('end', () => sent.destroy());
      if (!BY_STATUS.has(response.statusCode ?? 0)) return answer(response);
      if (!sent.writableFinished) sent.destroy();
      response.resume();
      sent.emit('error', new HttpFault(response.statusCode ?? 0));
    });
    sent.setTimeout(silenceMs, () => sent.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
    return sent;
  };
  return { request } as NonNullable<ClientOptions['transport']>;
}

/** Connects; nothing is sent yet. Throws UsageError LOCATION_INVALID, never showing a key. */
export async function connectS3(options: S3Options): Promise<S3Connection> {
  const url = URL.canParse(options.endpoint) ? new URL(options.endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new UsageError<VaultErrorCode>(
      'LOCATION_INVALID',
      'The S3 endpoint must be http://host:port or https://host.',
    );
  }
  const secure = url.protocol === 'https:';
  // Loaded here, because it takes some 100 ms and most commands work on a directory.
  const { Client } = await import('minio');
  const client = new Client({
    endPoint: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    useSSL: secure,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    ...(options.sessionToken !== undefined && { sessionToken: options.sessionToken }),
    region: options.region ?? DEFAULT_REGION,
    transport: transportFor(secure, options.silenceMs ?? SILENCE_MS),
    transportAgent: secure
      ? new https.Agent({ ...AGENT, ...(options.ca !== undefined && { ca: options.ca }) })
      : new http.Agent(AGENT),
    retryOptions: { disableRetry: true },
  });
  return new S3Connection(client, options);
}
