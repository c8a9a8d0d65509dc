import type { Redis } from 'ioredis';
import { answered, connectRedis } from './redis-connection.ts';

/** As in the vault's probes: what is relied on, whether it is so, what was seen. */
export interface RedisCheck {
  readonly promise: string;
  readonly kept: boolean;
  readonly seen: string;
  /** False: safety does not rest on it. Absent means true. */
  readonly required?: boolean;
}

export interface RedisReport {
  /** Host and port; never user or password. */
  readonly location: string;
  readonly fit: boolean;
  readonly checks: readonly RedisCheck[];
}

/** BullMQ asks for 6.2 or later: https://docs.bullmq.io/guide/redis-tm-compatibility */
const LEAST_VERSION = [6, 2] as const;
const SKEW_MS = 5_000;
const PINGS = 20;

/**
 * Looks at a Redis for queues: version, what it does when memory is short, scripts, rights on our keys, persistence,
 * clock, latency. Throws UsageError QUEUE_EVICTS where it throws keys away, UnavailableError QUEUE_UNAVAILABLE.
 */
export async function probeRedis(address: string, prefix: string): Promise<RedisReport> {
  const redis = await connectRedis(address, { patient: false });
  try {
    const checks = await answered(async () => [
      await version(redis),
      await policy(redis),
      await scripts(redis, prefix),
      await persistence(redis),
      await clock(redis),
      await latency(redis),
      ...access(address),
    ]);
    const fit = checks.every((check) => check.kept || check.required === false);
    return { location: new URL(address).host, fit, checks };
  } finally {
    redis.disconnect();
  }
}

async function version(redis: Redis): Promise<RedisCheck> {
  const text = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown';
  const [major = 0, minor = 0] = text.split('.').map(Number);
  const [least, leastMinor] = LEAST_VERSION;
  return {
    promise: `Redis is of version ${LEAST_VERSION.join('.')} or later.`,
    kept: major > least || (major === least && minor >= leastMinor),
    seen: text,
  };
}

async function policy(redis: Redis): Promise<RedisCheck> {
  const info = await redis.info('memory');
  const name = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  const max = /^maxmemory_human:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  return {
    promise: 'When memory is short, Redis refuses rather than throws jobs away.',
    kept: name === 'noeviction',
    seen: `maxmemory-policy ${name}, maxmemory ${max === '0B' ? 'not set' : max}.`,
  };
}

/** One script that writes, reads and removes a key below our prefix: what BullMQ does all the time. */
async function scripts(redis: Redis, prefix: string): Promise<RedisCheck> {
  const script =
    "redis.call('SET', KEYS[1], ARGV[1], 'EX', 5) local v = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return v";
  const canary = String(Math.random());
  const seen = await redis.eval(script, 1, `${prefix}:doctor`, canary).then(
    (value) => (value === canary ? 'Done.' : 'Another value came back.'),
    (error: unknown) => `Refused: ${/^[A-Z]+(?= )/.exec((error as Error).message)?.[0] ?? 'an error'}.`,
  );
  return { promise: `Scripts may write and read keys below ${prefix}:.`, kept: seen === 'Done.', seen };
}

async function persistence(redis: Redis): Promise<RedisCheck> {
  const kept = /^aof_enabled:1/m.test(await redis.info('persistence'));
  return {
    promise: 'Redis keeps an append-only file, so that a restart goes on with the same jobs.',
    kept,
    required: false,
    seen: kept
      ? 'appendonly yes.'
      : 'appendonly no: after a restart hand the jobs in again; no work is lost, it stands in storage.',
  };
}

async function clock(redis: Redis): Promise<RedisCheck> {
  const before = Date.now();
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  const skew = seconds * 1000 + micros / 1000 - (before + Date.now()) / 2;
  return {
    promise: `The clock of Redis and this machine's agree within ${SKEW_MS / 1000} s.`,
    kept: Math.abs(skew) <= SKEW_MS,
    required: false,
    seen: `${(skew / 1000).toFixed(3)} s apart.`,
  };
}

async function latency(redis: Redis): Promise<RedisCheck> {
  const times: number[] = [];
  for (let i = 0; i < PINGS; i++) {
    const before = performance.now();
    await redis.ping();
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [times[PINGS / 2], times.at(-1)];
  return {
    promise: 'Redis answers within 50 ms.',
    kept: median < 50,
    required: false,
    seen: `${median.toFixed(2)} ms in the middle, ${slowest.toFixed(2)} ms at most, of ${PINGS}.`,
  };
}

function access(address: string): RedisCheck[] {
  const url = new URL(address);
  const named = url.username !== '' && url.username !== 'default' && url.password !== '';
  return [
    {
      promise: 'The way to Redis is encrypted.',
      kept: url.protocol === 'rediss:',
      required: false,
      seen: url.protocol === 'rediss:' ? 'rediss.' : 'redis: references and the password can be seen on the way.',
    },
    {
      promise: 'Custody has a Redis user of its own.',
      kept: named,
      required: false,
      seen: named
        ? 'A named user with a password.'
        : 'No user in the address: whoever reaches the port may do everything.',
    },
  ];
}
