import { createHash, randomBytes } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { S3Options } from './s3-connection.ts';
import { openS3Vault } from './s3-vault.ts';
import type { Vault } from './vault.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: faults of the S3 vault: $CUSTODY_TEST_S3 is not set');

const MIB = 1024 * 1024;

function optionsFor(address: string, more: Partial<S3Options> = {}): S3Options {
  const url = new URL(address);
  return {
    endpoint: url.origin,
    bucket: url.pathname.slice(1),
    prefix: `test-${randomBytes(6).toString('hex')}`,
    accessKey: url.username,
    secretKey: url.password,
    ...more,
  };
}

const running: Server[] = [];
afterEach(() => {
  for (const s of running.splice(0)) {
    s.closeAllConnections();
    s.close();
  }
});

async function listen(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const made = createServer(handler);
  running.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

type Fault = 'none' | 'lose answer' | 'lose request' | 'cut body' | 'shorten body' | 503;

/** A proxy that does to each request what `decide` says; the signature holds, because the Host header is passed on. */
function faultyProxy(target: string, decide: (method: string, path: string) => Fault): Promise<string> {
  return listen(async (incoming, answer) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const fault = decide(incoming.method ?? '', incoming.url ?? '');
    if (fault === 'lose request') return incoming.socket.destroy();
    if (fault === 503) return answer.writeHead(503).end();
    const { hostname, port } = new URL(target);
    const { method, url, headers } = incoming;
    const outgoing = request({ hostname, port, method, path: url, headers }, (response) => {
      if (fault === 'lose answer') return response.resume().on('end', () => incoming.socket.destroy());
      if (fault === 'shorten body') delete response.headers['content-length'];
      answer.writeHead(response.statusCode ?? 500, response.headers);
      if (fault === 'shorten body') answer.end('short');
      else if (fault === 'cut body') answer.write('cut', () => incoming.socket.destroy());
      else response.pipe(answer);
    });
    outgoing.end(Buffer.concat(parts));
  });
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function digest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

async function names(vault: Vault, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of vault.list(prefix)) found.push(name);
  return found;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe.skipIf(server === undefined)('an S3 vault', () => {
  const address = server ?? '';
  const through = async (decide: (method: string, path: string) => Fault, prefix?: string): Promise<Vault> => {
    const direct = optionsFor(address);
    return openS3Vault({
      ...direct,
      endpoint: await faultyProxy(direct.endpoint, decide),
      prefix: prefix ?? direct.prefix,
    });
  };

  it('lists more than one page, and names that look like numbers', async () => {
    const vault = await openS3Vault(optionsFor(address));
    const made = Array.from({ length: 1003 }, (_, i) => String(i).padStart(4, '0')).concat('1e5', '0x10');
    for (let at = 0; at < made.length; at += 50) {
      await Promise.all(made.slice(at, at + 50).map((name) => vault.create(`n/${name}`, text(name))));
    }
    expect(await names(vault)).toEqual(made.map((name) => `n/${name}`).toSorted());
    const root = await openS3Vault(optionsFor(address, { prefix: '' }));
    await root.create('0010', text('x'));
    expect(await names(root, '00')).toEqual(['0010']);
  });

  it('stores a long stream in parts, once', async () => {
    const vault = await openS3Vault(optionsFor(address));
    const bytes = randomBytes(33 * MIB + 5);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const stored = await vault.createFromStream('long', pieces(bytes, 700_001));
    expect({ ...stored, sha256: Buffer.from(stored.sha256).toString('hex') }).toEqual({
      result: 'created',
      length: bytes.length,
      sha256,
    });
    expect(await digest(vault.readStream('long'))).toBe(sha256);
    expect(await names(vault)).toEqual(['long']);
    const again = await vault.createFromStream('long', pieces(randomBytes(17 * MIB), MIB));
    expect({ ...again, sha256: Buffer.from(again.sha256).toString('hex') }).toEqual({
      result: 'exists',
      length: bytes.length,
      sha256,
    });
    expect(await vault.create('long', text('x'))).toBe('exists');
  });

  it('elects one of several that store a long stream at once', async () => {
    const vault = await openS3Vault(optionsFor(address));
    const bodies = Array.from({ length: 3 }, () => randomBytes(17 * MIB));
    const results = await Promise.allSettled(bodies.map((b) => vault.createFromStream('raced', pieces(b, MIB))));
    const created = results.flatMap((r, i) => (r.status === 'fulfilled' && r.value.result === 'created' ? [i] : []));
    expect(created).toHaveLength(1);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    const winner = bodies[created[0] as number] as Buffer;
    expect(await digest(vault.readStream('raced'))).toBe(createHash('sha256').update(winner).digest('hex'));
  });

  it('takes over from an uploader that died, and lets it finish nothing', async () => {
    const options = optionsFor(address, { uploadSilenceMs: 1000 });
    const vault = await openS3Vault(options);
    let wake = (): void => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const sleeping = randomBytes(18 * MIB);
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield sleeping.subarray(0, 17 * MIB);
      await asleep;
      yield sleeping.subarray(17 * MIB);
    }
    const first = vault.createFromStream('taken', slow()).catch((error: unknown) => error);
    await sleep(500);
    const bytes = randomBytes(17 * MIB);
    const second = await (await openS3Vault(options)).createFromStream('taken', pieces(bytes, MIB));
    expect(second.result).toBe('created');
    wake();
    // The sleeper's last part or its completion is refused: its upload is gone.
    expect(await first).toMatchObject({ family: 'unavailable', code: 'STORE_BUSY' });
    expect(await digest(vault.readStream('taken'))).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await names(vault)).toEqual(['taken']);
  });

  it('lets no upload complete over a destroyed object', async () => {
    const vault = await openS3Vault(optionsFor(address));
    async function* destroying(): AsyncGenerator<Uint8Array> {
      yield randomBytes(33 * MIB);
      await vault.destroy('gone');
      yield randomBytes(MIB);
    }
    await expect(vault.createFromStream('gone', destroying())).rejects.toMatchObject({ code: 'STORE_BUSY' });
    expect((await vault.info('gone'))?.length).toBe(0);
  });

  it('leaves nothing of a long stream that fails, and stores it the next time', async () => {
    const vault = await openS3Vault(optionsFor(address));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield randomBytes(17 * MIB);
      throw new Error('the capture is gone');
    }
    await expect(vault.createFromStream('failed', failing())).rejects.toThrow('the capture is gone');
    expect(await names(vault)).toEqual([]);
    const stored = await vault.createFromStream('failed', pieces(randomBytes(17 * MIB), MIB));
    expect(stored.result).toBe('created');
  });

  it('knows its own write although the answer was lost', async () => {
    let puts = 0;
    const vault = await through((method) => (method === 'PUT' && puts++ === 0 ? 'lose answer' : 'none'));
    expect(await vault.create('a', text('mine'))).toBe('created');
    expect(puts).toBe(2);
    expect(Buffer.from(await vault.read('a')).toString()).toBe('mine');
  });

  it.each(['theirs', 'a longer one of theirs'])(
    'does not take another write for its own after a lost request: %s',
    async (other) => {
      const direct = optionsFor(address);
      const theirs = await openS3Vault(direct);
      await theirs.create('a', text(other));
      let puts = 0;
      const vault = await through(
        (method) => (method === 'PUT' && puts++ === 0 ? 'lose request' : 'none'),
        direct.prefix,
      );
      expect(await vault.create('a', text('mine'))).toBe('exists');
      expect(Buffer.from(await vault.read('a')).toString()).toBe(other);
    },
  );

  it('tries again after faults that pass', async () => {
    let count = 0;
    const vault = await through(() => (count++ % 2 === 0 ? 503 : 'none'));
    expect(await vault.create('a', text('x'))).toBe('created');
    expect(await vault.info('a')).toEqual({ name: 'a', length: 1 });
    expect(Buffer.from(await vault.read('a')).toString()).toBe('x');
    expect(await names(vault)).toEqual(['a']);
    await vault.destroy('a');
    expect((await vault.info('a'))?.length).toBe(0);
  });

  it('takes no shortened body for an object', async () => {
    const bytes = randomBytes(9 * MIB);
    let gets = 0;
    const cutting = await through((method) => (method === 'GET' && gets++ % 2 === 0 ? 'cut body' : 'none'));
    await cutting.create('a', bytes);
    expect(bytes.equals(await cutting.read('a'))).toBe(true);
    expect(await digest(cutting.readStream('a'))).toBe(createHash('sha256').update(bytes).digest('hex'));
    const shortening = await through((method) => (method === 'GET' ? 'shorten body' : 'none'));
    await shortening.create('a', bytes);
    const away = { family: 'unavailable', code: 'STORE_UNAVAILABLE' };
    await expect(shortening.read('a')).rejects.toMatchObject(away);
    await expect(shortening.read('a', { offset: 5, length: 100 })).rejects.toMatchObject(away);
    await expect(digest(shortening.readStream('a'))).rejects.toMatchObject(away);
    expect(await cutting.holds?.('a', bytes)).toBe(true);
    await expect(shortening.holds?.('a', bytes)).rejects.toMatchObject(away);
  });

  it('holds an object against bytes, whole or not at all', async () => {
    const vault = await openS3Vault(optionsFor(address));
    const bytes = randomBytes(MIB);
    await vault.create('a', bytes);
    await vault.create('empty', text(''));
    const altered = Buffer.from(bytes);
    altered[MIB - 1] = (altered[MIB - 1] as number) ^ 1;
    const asked = [bytes, altered, bytes.subarray(1), Buffer.concat([bytes, text('x')]), text('')];
    expect(await Promise.all(asked.map((other) => vault.holds?.('a', other)))).toEqual([true, ...Array(4).fill(false)]);
    expect(await vault.holds?.('empty', text(''))).toBe(true);
    await expect(vault.holds?.('b', bytes)).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  });

  it('goes on after an answer that came before its body was sent', async () => {
    let early = 0;
    const direct = optionsFor(address);
    const answering = await listen((incoming, answer) => {
      if (early++ === 0) return answer.writeHead(412).end();
      incoming.resume().on('end', () => answer.writeHead(404).end());
    });
    const vault = await openS3Vault({ ...direct, endpoint: new URL(answering).origin });
    const bytes = randomBytes(16 * MIB);
    // Taken, says the answer; what stands there is looked for and is not there.
    const outcome = vault.create('a', bytes).catch((error: { code: string }) => error.code);
    expect(await outcome).toBe('OBJECT_MISSING');
    bytes.buffer.transfer(0);
    await vault.info('a');
    expect(early).toBeGreaterThan(2);
  });

  it('completes a long stream although the last answer was lost', async () => {
    let completions = 0;
    const vault = await through((method, path) =>
      method === 'POST' && path.includes('uploadId=') && completions++ === 0 ? 'lose answer' : 'none',
    );
    const stored = await vault.createFromStream('long', pieces(randomBytes(17 * MIB), MIB));
    expect(stored.result).toBe('created');
    expect((await vault.info('long'))?.length).toBe(17 * MIB);
  });

  it('says what is wrong with keys or bucket, and shows no key', async () => {
    const wrong = await openS3Vault(optionsFor(address, { secretKey: 'not-the-secret-of-this-key' }));
    const error: unknown = await wrong.create('a', text('x')).catch((e: unknown) => e);
    expect(error).toMatchObject({ family: 'usage', code: 'STORE_REFUSED' });
    expect(inspect(error, { depth: 9 })).not.toMatch(/not-the-secret|custodytest/);
    const nowhere = await openS3Vault(optionsFor(address, { bucket: 'no-such-bucket-here' }));
    await expect(nowhere.create('a', text('x'))).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('no such bucket'),
    });
  });
});

describe('an S3 server that is away', () => {
  const options = optionsFor('http://key:very-secret@127.0.0.1:1/bucket', { attempts: 2, silenceMs: 200 });

  it('is unavailable when nobody listens', async () => {
    const vault = await openS3Vault(options);
    const error: unknown = await vault.create('a', text('x')).catch((e: unknown) => e);
    expect(error).toMatchObject({ family: 'unavailable', code: 'STORE_UNAVAILABLE' });
    expect(inspect(error, { depth: 9 })).not.toContain('very-secret');
  });

  it('is unavailable when it is silent, when it fails, and when it talks nonsense', async () => {
    for (const handler of [
      () => {},
      (_: unknown, answer: { writeHead(n: number): { end(): void } }) => answer.writeHead(500).end(),
      (_: unknown, answer: { end(s: string): void }) => answer.end('<html>hello</html>'),
    ] as Parameters<typeof createServer>[1][]) {
      const vault = await openS3Vault({ ...options, endpoint: await listen(handler) });
      await expect(names(vault)).rejects.toMatchObject({ family: 'unavailable', code: 'STORE_UNAVAILABLE' });
    }
  });

  it('refuses an endpoint that is none', async () => {
    for (const endpoint of ['', 'localhost', 'ftp://host', 'http://']) {
      await expect(openS3Vault({ ...options, endpoint })).rejects.toMatchObject({ code: 'LOCATION_INVALID' });
    }
  });
});
