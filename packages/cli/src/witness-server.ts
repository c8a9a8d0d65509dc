import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CustodyError } from '@custody/bytes';
import type { Witness } from '@custody/case';
import type { HttpAnswer } from '@custody/vault';

/** A request of tlog-witness has some kilobytes. */
const BODY_MAX = 64 * 1024;
/** Whoever sends slower than this is cut off. */
const REQUEST_MS = 20_000;

/** Serves `POST /add-checkpoint` (C2SP tlog-witness) and nothing else. Resolves to the address when it listens. */
export async function serveWitness(
  witness: Witness,
  place: { readonly host: string; readonly port: number },
  say: (note: string) => void,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    answer(witness, request, say).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        say(error instanceof Error ? error.message : String(error));
        send(
          response,
          text(error instanceof CustodyError && error.family === 'unavailable' ? 503 : 500, 'a fault of the witness'),
        );
      },
    );
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.listen(place.port, place.host);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`, server };
}

async function answer(witness: Witness, request: IncomingMessage, say: (note: string) => void): Promise<HttpAnswer> {
  const path = (request.url ?? '').split('?')[0];
  if (path !== '/add-checkpoint') return text(404, 'there is only /add-checkpoint');
  if (request.method !== 'POST') return text(405, 'add-checkpoint is a POST');
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > BODY_MAX) return text(413, `a request has at most ${BODY_MAX} bytes`);
    parts.push(part);
  }
  const reply = await witness.addCheckpoint(new Uint8Array(Buffer.concat(parts)));
  say(`add-checkpoint: ${reply.status}`);
  return reply;
}

function send(response: ServerResponse, { status, contentType, body }: HttpAnswer): void {
  const headers = { 'content-type': contentType, 'content-length': body.length };
  response.writeHead(status, status === 413 ? { ...headers, connection: 'close' } : headers).end(body);
}

function text(status: number, why: string): HttpAnswer {
  return { status, contentType: 'text/plain', body: new TextEncoder().encode(`${why}\n`) };
}
