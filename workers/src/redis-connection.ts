import { Redis } from 'ioredis';
import { unavailable, usage } from './errors.ts';

/** Longest wait for a first answer. */
const CONNECT_MS = 5_000;

/**
 * Connects to `redis://[user:password@]host:port[/db]`, or `rediss://` with TLS. Throws UsageError ARGUMENT_INVALID,
 * QUEUE_EVICTS; UnavailableError QUEUE_UNAVAILABLE.
 *
 * `patient`: commands wait for a server that went away (workers); otherwise they fail after a few tries.
 */
export async function connectRedis(address: string, { patient }: { readonly patient: boolean }): Promise<Redis> {
  const url = readRedisUrl(address);
  let connected = false;
  const connection = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: patient ? null : 3,
    // A first connection is tried once; one that was lost is sought until it is back.
    retryStrategy: (times) => (connected ? Math.min(times * 100, 2_000) : null),
  });
  // Without a listener a lost connection would end the process.
  let last: unknown;
  connection.on('error', (error) => {
    last = error;
  });
  try {
    await connection.connect();
    connected = true;
    checkPolicy(await connection.info('memory'));
    return connection;
  } catch (error) {
    connection.disconnect();
    if (connected && (error as { family?: string }).family === 'usage') throw error;
    throw unavailable(
      `Redis at ${url.host} does not answer (${reasonOf(last ?? error)}): is it running, are user and password right?`,
    );
  }
}

/** What Redis answers; a refusal or silence becomes UnavailableError QUEUE_UNAVAILABLE, without the words of the server. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const reason = reasonOf(error);
    throw unavailable(`Redis did not do as asked (${reason}${REFUSALS[reason] ?? ''})`);
  }
}

/** First words of Redis error replies, https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const REFUSALS: Readonly<Record<string, string>> = {
  OOM: ': its memory is full',
  NOPERM: ': its user has no right to these keys',
  READONLY: ': it is a replica',
};

/** Throws UsageError ARGUMENT_INVALID. The address is never quoted: it may hold a password. */
function readRedisUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw usage('ARGUMENT_INVALID', 'give Redis as redis://host:port, or rediss://user:password@host:port for TLS');
  }
  return url;
}

/** BullMQ loses jobs on a server that evicts keys: https://docs.bullmq.io/guide/going-to-production */
function checkPolicy(info: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    throw usage(
      'QUEUE_EVICTS',
      `this Redis throws keys away when memory is short (maxmemory-policy ${policy}): set it to noeviction`,
    );
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? /^[A-Z]+(?= )/.exec(message ?? '')?.[0] ?? 'no connection';
}
