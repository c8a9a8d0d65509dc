import { randomBytes } from 'node:crypto';
import { S3Probe } from './probe-s3.ts';
import { isFit, type ProbeCheck, type ProbeReport } from './probe-vault.ts';
import {
  bucketTraits,
  covers,
  describeLock,
  lockVersion,
  type ObjectLock,
  readLock,
  setHold,
  type VersionAddress,
} from './s3-lock.ts';
import type { S3Environment } from './s3-options.ts';
import { listVersions } from './s3-versions.ts';

/** Ours: how long the canary stays locked at most. */
const LOCK_MS = 60_000;

/**
 * Tries out what a bucket with Object Lock keeps: versions, retention, legal hold. The canary is removed in the end
 * where this key may bypass GOVERNANCE; otherwise some bytes stay below `probe/`, locked for a minute.
 */
export async function probeOriginalsBucket(
  location: string,
  environment: S3Environment = process.env,
): Promise<ProbeReport> {
  const probe = await S3Probe.open(location, environment);
  const checks = await probe.told(async () => {
    const traits = await bucketTraits(probe.connection);
    const basics: ProbeCheck[] = [
      {
        promise: 'The bucket can lock objects.',
        kept: traits.lock,
        seen: traits.lock ? 'Object Lock is enabled.' : 'Object Lock is not enabled: only --no-lock works here.',
      },
      {
        promise: 'Nothing is locked before its bytes were checked.',
        kept: !traits.defaultRetention,
        seen: traits.defaultRetention ? 'The bucket sets a default retention.' : 'No default retention.',
      },
      await probe.checksum(),
      await probe.clock(),
      probe.encryption(),
    ];
    return traits.lock ? [...basics, ...(await new LockProbe(probe).run())] : basics;
  });
  return { location, fit: isFit(checks), checks };
}

class LockProbe {
  readonly #probe: S3Probe;
  readonly #first = randomBytes(32);

  constructor(probe: S3Probe) {
    this.#probe = probe;
  }

  async run(): Promise<ProbeCheck[]> {
    const at = await this.#store(this.#first);
    const checks = [await this.#locks(at), await this.#refuses(at, 'A version under retention cannot be removed.')];
    const top = await this.#store(randomBytes(32));
    checks.push(await this.#reads(at));
    await this.#remove(top, false);
    await setHold(this.#probe.connection, at, true);
    checks.push(
      await this.#refuses(
        at,
        'A version under legal hold cannot be removed, not even with the right to bypass retention.',
        true,
      ),
    );
    await setHold(this.#probe.connection, at, false);
    checks.push(await this.#bypass(at));
    return checks;
  }

  async #store(bytes: Buffer): Promise<VersionAddress> {
    const { connection } = this.#probe;
    const key = this.#probe.key('locked');
    await connection.send({ method: 'PUT', key, body: bytes });
    for await (const found of listVersions(connection, key)) return { key, version: found.version };
    return { key, version: 'null' };
  }

  async #locks(at: VersionAddress): Promise<ProbeCheck> {
    const wanted: ObjectLock = { mode: 'GOVERNANCE', until: Date.now() + LOCK_MS, hold: false };
    await lockVersion(this.#probe.connection, at, wanted).catch(() => {});
    const shown = await readLock(this.#probe.connection, at);
    return {
      promise: 'Retention is set on one version and reads back as it was set.',
      kept: covers(shown, wanted),
      seen: `Shown: ${describeLock(shown)}.`,
    };
  }

  async #refuses(at: VersionAddress, promise: string, bypass = false): Promise<ProbeCheck> {
    const refusal = await this.#remove(at, bypass);
    return { promise, kept: refusal !== null, seen: refusal === null ? 'It was removed.' : `Refused: ${refusal}.` };
  }

  async #reads({ key, version }: VersionAddress): Promise<ProbeCheck> {
    const query = `versionId=${encodeURIComponent(version)}`;
    const { body } = await this.#probe.connection.send({ method: 'GET', key, query });
    return {
      promise: 'A version is read by its id, whatever was put on top.',
      kept: body.equals(this.#first),
      seen: body.equals(this.#first) ? 'Equal bytes.' : 'Other bytes.',
    };
  }

  async #bypass(at: VersionAddress): Promise<ProbeCheck> {
    const refusal = await this.#remove(at, true);
    return {
      promise: 'This key cannot bypass GOVERNANCE retention.',
      kept: refusal !== null,
      required: false,
      seen:
        refusal === null
          ? 'It can: GOVERNANCE protects against mistakes, not against whoever holds this key. Take s3:BypassGovernanceRetention from it, or use COMPLIANCE.'
          : `Refused: ${refusal}.`,
    };
  }

  #remove({ key, version }: VersionAddress, bypass: boolean): Promise<string | null> {
    const headers = bypass ? { 'x-amz-bypass-governance-retention': 'true' } : {};
    const query = `versionId=${encodeURIComponent(version)}`;
    return this.#probe.refusal({ method: 'DELETE', key, query, headers, expect: [200, 204] });
  }
}
