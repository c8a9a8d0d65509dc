import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpPost, postWithin } from './http-post.ts';

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const request = { body: new TextEncoder().encode('asked'), contentType: 'text/plain' };
const away = { family: 'unavailable', code: 'NETWORK_UNAVAILABLE' };

describe('what is sent to others', () => {
  it('is posted, and the answer is whole', async () => {
    const url = await listen((incoming, answer) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        answer.writeHead(409, { 'content-type': 'Text/X.tlog.size; charset=utf-8' });
        answer.end(`${incoming.method} ${incoming.headers['content-type']} ${Buffer.concat(parts).toString()}`);
      });
    });
    const { status, contentType, body } = await httpPost(url, request);
    expect({ status, contentType, body: Buffer.from(body).toString() }).toEqual({
      status: 409,
      contentType: 'text/x.tlog.size',
      body: 'POST text/plain asked',
    });
  });

  it('goes nowhere else than asked', async () => {
    const elsewhere = await listen((_, answer) => void answer.end('elsewhere'));
    const url = await listen((_, answer) => void answer.writeHead(307, { location: elsewhere }).end());
    await expect(httpPost(url, request)).rejects.toMatchObject(away);
  });

  it.each(['file:///etc/hostname', 'ftp://tsa.example/', 'tsa.example', '', 'http://name:secret@tsa.example/'])(
    'is not sent to %j',
    async (url) => {
      const refused = await httpPost(url, request).catch((error: unknown) => error as Error);
      expect(refused).toMatchObject({ family: 'usage', code: 'ARGUMENT_INVALID' });
      expect((refused as Error).message).not.toContain('secret');
    },
  );

  it('is not waited for without end: an answer that does not stop, one cut off, nobody there', async () => {
    const endless = await listen((_, answer) => {
      const write = (): void => {
        while (!answer.destroyed && answer.write(Buffer.alloc(65_536)));
      };
      answer.on('drain', write);
      write();
    });
    await expect(httpPost(endless, request)).rejects.toMatchObject(away);
    const cut = await listen((_, answer) => {
      answer.writeHead(200, { 'content-length': 100 });
      answer.write('some', () => answer.destroy());
    });
    await expect(httpPost(cut, request)).rejects.toMatchObject(away);
    await expect(httpPost('http://127.0.0.1:9/', request)).rejects.toMatchObject(away);
    const silent = await listen(() => {});
    await expect(postWithin(50)(silent, request)).rejects.toThrow(/nothing came for 0.05 s/);
  });
});
