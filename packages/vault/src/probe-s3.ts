import { createHash, randomBytes } from 'node:crypto';
import { CustodyError } from '@custody/bytes';
import { isFit, type ProbeCheck, type ProbeReport, probeVault } from './probe-vault.ts';
import type { S3Connection, S3Request } from './s3-connection.ts';
import { connectS3 } from './s3-connection.ts';
import { HttpFault, outcomeOf, s3Error } from './s3-fault.ts';
import { bucketTraits } from './s3-lock.ts';
import type { S3Environment } from './s3-options.ts';
import { MultipartUpload } from './s3-upload.ts';
import { openVault, s3OptionsAt } from './vault-location.ts';

/** AWS and others refuse requests that are signed more than 15 minutes apart from their clock. */
const REFUSED_SKEW_MS = 15 * 60_000;
/** Ours: beyond this, times in the log and the ends of locks tell different stories. */
const SKEW_MS = 5_000;
const LATENCY_TRIES = 8;
/** The least length of a part that is not the last one, by the S3 API. */
const MIN_PART = 5 * 1024 * 1024;

/** Tries out whether the bucket of a case keeps what custody relies on. Canaries are removed, as far as rights allow. */
export async function probeStateBucket(
  location: string,
  environment: S3Environment = process.env,
): Promise<ProbeReport> {
  const vault = await openVault(location, environment);
  const { checks } = await probeVault(vault);
  const probe = await S3Probe.open(location, environment);
  const all = [...checks, ...(await probe.stateChecks())];
  return { location: vault.location, fit: isFit(all), checks: all };
}

/** A connection with canaries of its own below `probe/`. */
export class S3Probe {
  readonly connection: S3Connection;
  readonly location: string;
  readonly #encrypted: boolean;
  readonly #root: string;

  private constructor(connection: S3Connection, place: { location: string; root: string; encrypted: boolean }) {
    this.connection = connection;
    this.location = place.location;
    this.#root = place.root;
    this.#encrypted = place.encrypted;
  }

  static async open(location: string, environment: S3Environment): Promise<S3Probe> {
    const options = s3OptionsAt(location, environment);
    const root = `${options.prefix === '' ? '' : `${options.prefix}/`}probe/${randomBytes(8).toString('hex')}`;
    return new S3Probe(await connectS3(options), { location, root, encrypted: options.endpoint.startsWith('https:') });
  }

  key(name: string): string {
    return `${this.#root}/${name}`;
  }

  async stateChecks(): Promise<ProbeCheck[]> {
    return this.told(async () => [
      await this.#unversioned(),
      await this.checksum(),
      await this.#ranges(),
      ...(await this.#multipart()),
      await this.clock(),
      this.encryption(),
      await this.#latency(),
    ]);
  }

  /** Runs checks; errors of the connection become ours. */
  async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CustodyError || error instanceof TypeError) throw error;
      throw s3Error(error, { doing: 'probing', what: this.#root, location: this.location });
    }
  }

  /** What the server says to one request: null where it does it, else its code or status. */
  async refusal(request: S3Request): Promise<string | null> {
    try {
      await this.connection.send(request);
      return null;
    } catch (error) {
      if (error instanceof HttpFault) return error.message;
      const code = (error as { code?: unknown }).code;
      if (typeof code === 'string' && !/^E[A-Z]+$/.test(code)) return code;
      throw error;
    }
  }

  /** A body that is not what its MD5 says must be refused: it guards the way over https, where no signature covers it. */
  async checksum(): Promise<ProbeCheck> {
    const key = this.key('checksum');
    const headers = { 'content-md5': createHash('md5').update('another body').digest('base64') };
    const refusal = await this.refusal({ method: 'PUT', key, body: Buffer.from('a body'), headers });
    await this.remove(key);
    return {
      promise: 'A body that differs from its checksum is refused.',
      kept: refusal !== null,
      seen: refusal === null ? 'It was stored.' : `Refused: ${refusal}.`,
    };
  }

  async clock(): Promise<ProbeCheck> {
    const before = Date.now();
    const { headers } = await this.connection.send({ method: 'GET', query: 'list-type=2&max-keys=1&prefix=probe' });
    const now = (before + Date.now()) / 2;
    const skew = Math.round(Date.parse(headers.date ?? '') + 500 - now);
    return {
      promise: `The server's clock and this machine's agree within ${SKEW_MS / 1000} s.`,
      kept: Math.abs(skew) <= SKEW_MS,
      // Safety never rests on clocks; the ends of locks and the times in the log do.
      required: false,
      seen: Number.isNaN(skew)
        ? 'The server tells no time.'
        : `${(skew / 1000).toFixed(1)} s apart${Math.abs(skew) > REFUSED_SKEW_MS / 2 ? ': requests will soon be refused' : ''}.`,
    };
  }

  encryption(): ProbeCheck {
    return {
      promise: 'The way to the server is encrypted.',
      kept: this.#encrypted,
      required: false,
      seen: this.#encrypted ? 'https.' : 'http: names and sizes can be seen on the way; content is sealed.',
    };
  }

  async remove(key: string): Promise<void> {
    await this.connection.send({ method: 'DELETE', key, expect: [204] }).catch(() => {});
  }

  async #unversioned(): Promise<ProbeCheck> {
    const { versioned } = await bucketTraits(this.connection);
    return {
      promise: 'The bucket is plain: what is destroyed does not live on as an older version.',
      kept: !versioned,
      seen: versioned ? 'It keeps versions.' : 'It keeps no versions.',
    };
  }

  async #ranges(): Promise<ProbeCheck> {
    const key = this.key('range');
    await this.connection.send({ method: 'PUT', key, body: Buffer.from('0123456789') });
    const headers = { range: 'bytes=3-6' };
    const { body } = await this.connection.send({ method: 'GET', key, headers, expect: [200, 206] });
    const beyond = await this.refusal({ method: 'GET', key, headers: { range: 'bytes=20-29' }, expect: [206] });
    await this.remove(key);
    return {
      promise: 'A range is read as it was asked for, and one beyond the end is refused.',
      kept: body.toString() === '3456' && beyond !== null,
      seen: `${body.length} of 4 bytes; beyond the end: ${beyond ?? 'answered'}.`,
    };
  }

  async #multipart(): Promise<ProbeCheck[]> {
    const whole = await this.#uploadInParts();
    const key = this.key('aborted');
    const upload = new MultipartUpload(this.connection, key);
    const id = await upload.begin();
    const part = await upload.sendPart(id, 1, Buffer.from('x'));
    await upload.abort(id);
    const late = await upload.complete(id, [part]).then(
      () => null,
      (error: unknown) => outcomeOf(error),
    );
    await this.remove(key);
    return [
      whole,
      {
        promise: 'An upload that was aborted cannot be completed any more.',
        kept: late !== null,
        seen: late === null ? 'It was completed.' : 'Refused.',
      },
    ];
  }

  async #uploadInParts(): Promise<ProbeCheck> {
    const key = this.key('parts');
    const upload = new MultipartUpload(this.connection, key);
    const [first, last] = [randomBytes(MIN_PART), randomBytes(1000)];
    const id = await upload.begin();
    await upload.complete(id, [await upload.sendPart(id, 1, first), await upload.sendPart(id, 2, last)]);
    const { body } = await this.connection.send({ method: 'GET', key });
    await this.remove(key);
    const equal = body.equals(Buffer.concat([first, last]));
    return {
      promise: 'A long object is uploaded in parts and reads back as one.',
      kept: equal,
      seen: equal ? 'Two parts, equal bytes.' : `${body.length} bytes, other than those sent.`,
    };
  }

  async #latency(): Promise<ProbeCheck> {
    const times: number[] = [];
    for (let i = 0; i < LATENCY_TRIES; i++) {
      const before = performance.now();
      await this.connection.send({ method: 'PUT', key: this.key('latency'), body: Buffer.from(String(i)) });
      times.push(performance.now() - before);
    }
    await this.remove(this.key('latency'));
    times.sort((a, b) => a - b);
    const [median = 0, slowest = 0] = [times[LATENCY_TRIES / 2], times.at(-1)];
    return {
      promise: 'A small object is stored in well under a second.',
      kept: median < 500,
      required: false,
      seen: `${median.toFixed(1)} ms in the middle, ${slowest.toFixed(1)} ms at most, of ${LATENCY_TRIES}.`,
    };
  }
}
