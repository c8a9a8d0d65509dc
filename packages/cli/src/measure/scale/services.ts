import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '@custody/bytes';

/** The servers of a source checkout's tests; an installed package has none. */
const services = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..', 'test', 'services');

/** Redis and S3 for a run, and what ends those that were started for it. */
export interface BenchServices {
  readonly redis: string;
  /** Of the S3 server, for `CUSTODY_S3_…`. */
  readonly s3: Readonly<Record<'CUSTODY_S3_ENDPOINT' | 'CUSTODY_S3_ACCESS_KEY' | 'CUSTODY_S3_SECRET_KEY', string>>;
  /** An empty bucket. */
  readonly bucket: string;
  /** What they are, for the report. */
  readonly told: string;
  stop(): Promise<void>;
}

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

interface Starters {
  missingForRedis(): readonly string[];
  startRedis(): Promise<Started>;
  missingForS3(): readonly string[];
  startS3(options: { store: 'bluestore'; bucket: string; bytes?: number }): Promise<Started>;
}

/**
 * The servers that `CUSTODY_TEST_REDIS` and `CUSTODY_TEST_S3` name, else an append-only Redis and a Ceph gateway on
 * bluestore, which keep what they confirmed. `bytes`: what the gateway must have room for. Throws UsageError
 * BENCH_WITHOUT_SERVICES.
 */
export async function benchServices(bytes: number): Promise<BenchServices> {
  const named = { redis: process.env.CUSTODY_TEST_REDIS, s3: process.env.CUSTODY_TEST_S3 };
  const redis = named.redis ? alone(named.redis) : await started('redis.ts', 'Redis', (all) => all.startRedis());
  try {
    const bucket = 'custody-bench';
    const start = (all: Starters) => all.startS3({ store: 'bluestore', bucket, bytes });
    const s3 = named.s3 ? alone(named.s3) : await started('s3.ts', 'S3', start);
    const { protocol, host, username, password, pathname } = new URL(s3.url);
    return {
      redis: redis.url,
      s3: {
        CUSTODY_S3_ENDPOINT: `${protocol}//${host}`,
        CUSTODY_S3_ACCESS_KEY: decodeURIComponent(username),
        CUSTODY_S3_SECRET_KEY: decodeURIComponent(password),
      },
      bucket: pathname.slice(1),
      told: `${named.redis ? 'Redis of $CUSTODY_TEST_REDIS' : 'Redis, append-only'}; ${named.s3 ? 'S3 of $CUSTODY_TEST_S3' : 'S3: Ceph radosgw on bluestore, on this machine'}`,
      stop: async () => {
        await s3.stop();
        await redis.stop();
      },
    };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

function alone(url: string): Started {
  return { url, stop: async () => {} };
}

async function started(file: string, what: string, start: (all: Starters) => Promise<Started>): Promise<Started> {
  const path = join(services, file);
  if (!existsSync(path)) {
    throw new UsageError('BENCH_WITHOUT_SERVICES', `this bench starts ${what} as a source checkout can`);
  }
  // Found at run time: packages do not contain them.
  const all = (await import(pathToFileURL(path).href)) as Starters;
  const missing = what === 'Redis' ? all.missingForRedis() : all.missingForS3();
  if (missing.length === 0) return start(all);
  throw new UsageError(
    'BENCH_WITHOUT_SERVICES',
    `not installed: ${missing.join(', ')} (apt-get install ${missing.join(' ')}), or name a server by $CUSTODY_TEST_${what.toUpperCase()}`,
  );
}
