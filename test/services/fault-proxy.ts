import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the way to a server does to one request. */
export const faults = [
  /** Answered by the proxy; the server never saw it. */
  '500',
  '503',
  '409',
  /** Done by the server, but told otherwise. */
  '500 after it was done',
  '412 after it was done',
  'reply lost',
  /** The connection ends before the server saw the request. */
  'request lost',
  'slow',
  /** The answer's body ends early, with a length that says so or none. */
  'body cut',
] as const;

export type Fault = (typeof faults)[number];

export interface Seen {
  readonly method: string;
  readonly path: string;
  /** Number of the request, from 0. */
  readonly number: number;
}

/** What to do with a request; null passes it on. */
export type Decide = (seen: Seen) => Fault | 'no answer' | null;

export interface FaultProxy {
  readonly url: string;
  /** Requests since the last `use`. */
  readonly requests: number;
  /** Requests that something was done to since the last `use`. */
  readonly injected: number;
  /** How often each was really done to a request since the last `use`: no body is cut that is empty, no 412 given to a read. */
  readonly done: ReadonlyMap<string, number>;
  /** From now on; the count begins anew. */
  use(decide: Decide | null): void;
  stop(): Promise<void>;
}

export interface ProxyOptions {
  /** PEM of key and certificate: the proxy speaks https then, and http to the server. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** How long "slow" takes. */
const SLOW_MS = 150;

/** A proxy on 127.0.0.1 before an HTTP server. Signatures hold, because the Host header is passed on as it came. */
export async function startFaultProxy(target: string, options: ProxyOptions = {}): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let decide: Decide | null = null;
  const count = { requests: 0, injected: 0 };
  const done = new Map<string, number>();
  const handle = (incoming: IncomingMessage, answer: ServerResponse): void => {
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', number: count.requests++ };
    const fault = decide?.(seen) ?? null;
    if (fault !== null) count.injected++;
    void new Exchange(incoming, answer, { hostname, port, agent })
      .run(fault)
      .then((isDone) => isDone && done.set(fault ?? '', (done.get(fault ?? '') ?? 0) + 1))
      .catch(() => incoming.socket.destroy());
  };
  const server = options.tls === undefined ? http.createServer(handle) : https.createServer(options.tls, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http${options.tls === undefined ? '' : 's'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    get requests() {
      return count.requests;
    },
    get injected() {
      return count.injected;
    },
    done,
    use(next) {
      decide = next;
      done.clear();
      Object.assign(count, { requests: 0, injected: 0 });
    },
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Exchange {
  readonly #incoming: IncomingMessage;
  readonly #answer: ServerResponse;
  readonly #target: http.RequestOptions;

  constructor(incoming: IncomingMessage, answer: ServerResponse, target: http.RequestOptions) {
    this.#incoming = incoming;
    this.#answer = answer;
    this.#target = target;
  }

  /** True where the fault, if any, was one to this request. */
  async run(fault: ReturnType<Decide>): Promise<boolean> {
    const body = await readAll(this.#incoming);
    if (fault === 'no answer') return true;
    if (fault === 'request lost') return this.#hangUp();
    if (fault === '500' || fault === '503' || fault === '409') return this.#say(Number(fault));
    if (fault === 'slow') await sleep(SLOW_MS);
    const { status, headers, bytes } = await this.#forward(body);
    // Only what stores something can be done already; a read or a list whose answer is lost is asked again.
    if (fault === '412 after it was done' && isCreate(this.#incoming)) return this.#say(412);
    if (fault === '500 after it was done') return this.#say(500);
    if (fault === 'reply lost') return this.#hangUp();
    this.#answer.writeHead(status, headers);
    if (fault !== 'body cut' || bytes.length === 0) {
      this.#answer.end(bytes);
      return fault === 'slow';
    }
    this.#answer.write(bytes.subarray(0, bytes.length >> 1), () => this.#incoming.socket.destroy());
    return true;
  }

  #hangUp(): true {
    this.#incoming.socket.destroy();
    return true;
  }

  #say(status: number): true {
    this.#answer.writeHead(status, { 'content-length': '0' }).end();
    return true;
  }

  #forward(body: Buffer): Promise<{ status: number; headers: http.IncomingHttpHeaders; bytes: Buffer }> {
    const { method, url, headers } = this.#incoming;
    return new Promise((resolve, reject) => {
      const sent = http.request({ ...this.#target, method, path: url, headers }, (response) => {
        readAll(response).then(
          (bytes) => resolve({ status: response.statusCode ?? 500, headers: response.headers, bytes }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function isCreate({ method, headers }: IncomingMessage): boolean {
  return method === 'PUT' && headers['if-none-match'] === '*';
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
