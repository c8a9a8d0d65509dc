import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestAuthority } from '../../packages/case/src/timestamp/testing/test-authority.ts';

/** A time-stamping authority behind HTTP: `openssl ts` answers. */
export class TsaServer {
  readonly authority: TestAuthority = new TestAuthority();
  /** What it sends instead of openssl's answer, where a test wants it to lie. */
  lie: ((request: Buffer) => Buffer) | null = null;
  #address = '';
  readonly #server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const asked = Buffer.concat(parts);
    const answer = this.lie?.(asked) ?? this.authority.answer(asked);
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/tsa`;
  }

  get url(): string {
    return this.#address;
  }

  get ca(): string {
    return this.authority.path('ca.pem');
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.authority.remove();
  }
}
