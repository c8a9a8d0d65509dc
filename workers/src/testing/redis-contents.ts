import { Redis } from 'ioredis';

/** Every key and value of a Redis, one after another: what a thief of its dump holds. */
export async function redisContents(address: string): Promise<Buffer> {
  const redis = new Redis(address);
  const found: unknown[] = [];
  try {
    for (const key of await redis.keys('*')) found.push(key, await contentOf(redis, key));
  } finally {
    redis.disconnect();
  }
  return Buffer.concat(found.flat(9).map((part) => Buffer.concat([asBytes(part), Buffer.from('\n')])));
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.getBuffer(key);
    case 'hash':
      return Object.entries(await redis.hgetallBuffer(key));
    case 'list':
      return redis.lrangeBuffer(key, 0, -1);
    case 'set':
      return redis.smembersBuffer(key);
    case 'zset':
      return redis.zrangeBuffer(key, 0, -1, 'WITHSCORES');
    case 'stream':
      return redis.xrangeBuffer(key, '-', '+');
    case 'none':
      // Expired since its name was read.
      return '';
    default:
      throw new Error(`a Redis key of a kind this test does not read: ${key}`);
  }
}

function asBytes(part: unknown): Buffer {
  return Buffer.isBuffer(part) ? part : Buffer.from(String(part));
}
