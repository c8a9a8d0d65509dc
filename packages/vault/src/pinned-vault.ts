import { createHash, randomBytes } from 'node:crypto';
import { CustodyError, hexEncode, IntegrityError, UsageError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import { encodePin, PIN_SUFFIX, type Pin, readPin } from './pin.ts';
import type { PinAlarm } from './pin-alarms.ts';
import { findAlarms } from './pin-alarms.ts';
import type { S3Connection } from './s3-connection.ts';
import { outcomeOf, s3Error } from './s3-fault.ts';
import { describeLock, lockVersion, type ObjectLock, readLock } from './s3-lock.ts';
import type { StreamTarget, Uploaded } from './s3-stream.ts';
import { storeStream } from './s3-stream.ts';
import { type ObjectAddress, S3Vault } from './s3-vault.ts';
import { listVersions } from './s3-versions.ts';
import { SourceFailure } from './source-failure.ts';
import type { ByteRange, CreateResult, ObjectInfo, StreamResult, Vault } from './vault.ts';

/** What each object of the other bucket is locked with when it is stored. */
export interface LockTerms {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | null;
  /** Days from the moment of storing; without a mode of no meaning. */
  readonly days: number;
  readonly hold: boolean;
}

/** Ours: names below it go to the other bucket, but for their pins. */
const PREFIX = 'originals/';
const DAY_MS = 86_400_000;

/**
 * A plain bucket for everything, and another one for what stands below `originals/`. There an object is uploaded under
 * a key of its own, read back by its version, then pinned: `NAME.pin`, created once in the plain bucket, says which
 * version the object is. So neither conditional writes nor single versions are asked of the other bucket, which a
 * bucket with Object Lock cannot promise. After the pin the version is locked, and the lock read back. Reading goes by
 * the pinned version alone: what anybody puts on top changes nothing, and `alarms` reports it.
 */
export class PinnedVault implements Vault {
  readonly location: string;
  readonly #plain: S3Vault;
  readonly #other: S3Vault;
  readonly #bucket: string;
  readonly #terms: LockTerms | null;
  /** Pins never change but by destruction. */
  readonly #pins = new Map<string, Pin>();

  constructor(
    plain: S3Vault,
    other: { connection: S3Connection; options: ConstructorParameters<typeof S3Vault>[1] },
    terms: LockTerms | null,
  ) {
    this.location = plain.location;
    this.#plain = plain;
    this.#other = new S3Vault(other.connection, other.options, (name) => this.#addressOf(name));
    this.#bucket = other.options.bucket;
    this.#terms = terms;
  }

  create(name: string, data: Uint8Array): Promise<CreateResult> {
    if (!isPinned(name)) return this.#plain.create(name, data);
    return this.createFromStream(name, once(data)).then(({ result }) => result);
  }

  async createFromStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<StreamResult> {
    if (!isPinned(name)) return this.#plain.createFromStream(name, chunks);
    return this.#translated('storing', name, async () => {
      const stored = await storeStream(this.#target(), name, chunks);
      const pin = await this.pinOf(name);
      if (pin !== null) await this.#lock(pin);
      return stored;
    });
  }

  read(name: string, range?: ByteRange): Promise<Uint8Array> {
    return this.#of(name, (vault) => vault.read(name, range));
  }

  holds(name: string, bytes: Uint8Array): Promise<boolean> {
    if (!isPinned(name)) return this.#plain.holds(name, bytes);
    return this.read(name).then((stored) => Buffer.compare(stored, bytes) === 0);
  }

  async *readStream(name: string, range?: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
    yield* await this.#of(name, async (vault) => vault.readStream(name, range));
  }

  info(name: string): Promise<ObjectInfo | null> {
    return this.#of(name, (vault) => vault.info(name));
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
    for await (const found of this.#plain.list(prefix)) {
      const name = found.name.slice(0, -PIN_SUFFIX.length);
      if (found.name.endsWith(PIN_SUFFIX) && isPinned(name)) {
        const info = await this.info(name);
        if (info !== null) yield info;
      }
      yield found;
    }
  }

  /** Throws UsageError STORE_LOCKED where the version may not go yet; then only its key can be destroyed. */
  async destroy(name: string): Promise<void> {
    if (!isPinned(name)) return this.#plain.destroy(name);
    await this.#translated('destroying', name, async () => {
      const pin = await this.pinOf(name);
      if (pin !== null) await this.#deleteVersion(name, pin);
      this.#pins.delete(name);
      await this.#plain.destroy(name + PIN_SUFFIX);
    });
  }

  /** Views are never pinned: they are of the log. */
  replace(name: string, data: Uint8Array): Promise<void> {
    return this.#plain.replace(name, data);
  }

  remove(name: string): Promise<void> {
    return this.#plain.remove(name);
  }

  /** Where an object of the other bucket stands; null for a name without one, and for a destroyed one. */
  async pinOf(name: string): Promise<Pin | null> {
    const known = this.#pins.get(name);
    if (known !== undefined) return known;
    if (!isPinned(name) || (await this.#plain.info(name + PIN_SUFFIX)) === null) return null;
    const pin = readPin(await this.#plain.read(name + PIN_SUFFIX), name + PIN_SUFFIX);
    if (pin !== null) this.#pins.set(name, pin);
    return pin;
  }

  /** The lock of an object as the server shows it now; null where there is none. */
  async lockOf(name: string): Promise<ObjectLock | null> {
    const pin = await this.pinOf(name);
    if (pin === null || pin.lock === null) return null;
    return this.#translated('looking at', name, () => readLock(this.#other.connection, pin));
  }

  /** What differs in the other bucket from what the pins say, one after the other. */
  async *alarms(): AsyncGenerator<PinAlarm, void, undefined> {
    const pins = new Map<string, Pin>();
    for await (const { name } of this.#plain.list(PREFIX)) {
      if (!name.endsWith(PIN_SUFFIX)) continue;
      const object = name.slice(0, -PIN_SUFFIX.length);
      const pin = await this.pinOf(object);
      if (pin !== null) pins.set(object, pin);
    }
    try {
      yield* findAlarms(this.#other.connection, this.#other.keyOf(PREFIX), pins);
    } catch (error) {
      throw this.#error(error, 'looking at', PREFIX);
    }
  }

  #target(): StreamTarget {
    const other = this.#other;
    return {
      location: this.location,
      connection: other.connection,
      markers: this.#plain,
      uploadSilenceMs: this.#plain.uploadSilenceMs,
      uploadKey: (name) => `${other.keyOf(name)}/${randomBytes(8).toString('hex')}`,
      info: (name) => this.info(name),
      createKey: async (key, data) => {
        await other.connection.send({
          method: 'PUT',
          key,
          body: Buffer.from(data.buffer, data.byteOffset, data.length),
        });
        return 'created';
      },
      describe: (name) => this.#describe(name),
      settle: (name, upload) => this.#pin(name, upload),
    };
  }

  async #describe(name: string): Promise<StreamResult> {
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of this.readStream(name)) {
      hash.update(piece);
      length += piece.length;
    }
    return { result: 'exists', length, sha256: hash.digest() };
  }

  /** Reads back what was uploaded, by version, and pins it. Whoever is second removes his own. */
  async #pin(name: string, upload: Uploaded): Promise<CreateResult> {
    const at = await this.#findVersion(name, upload);
    const { mode, days, hold } = this.#terms ?? { mode: null, days: 0, hold: false };
    const until = mode === null ? null : Date.now() + days * DAY_MS;
    const pin: Pin = {
      bucket: this.#bucket,
      ...at,
      length: upload.length,
      sha256: hexEncode(upload.sha256),
      lock: this.#terms === null ? null : { mode, until, hold },
    };
    const bytes = encodePin(pin);
    const result = await this.#plain.create(name + PIN_SUFFIX, bytes);
    if (result === 'created') {
      this.#pins.set(name, pin);
      return 'created';
    }
    const first = await this.pinOf(name);
    if (first?.version === at.version && first.key === at.key) return 'created';
    await this.#remove(at).catch(() => {});
    return 'exists';
  }

  /** An upload whose answer was lost may have been made twice: the one with the right bytes counts. */
  async #findVersion(name: string, upload: Uploaded): Promise<{ key: string; version: string }> {
    for await (const found of listVersions(this.#other.connection, upload.key)) {
      if (found.key !== upload.key || found.deleteMarker || found.length !== upload.length) continue;
      const at = { key: found.key, version: found.version };
      if ((await this.#hash(at, found.length)) === hexEncode(upload.sha256)) return at;
    }
    throw new IntegrityError<VaultErrorCode>(
      'LOCK_NOT_KEPT',
      `${name} was stored but reads back differently from the bucket ${this.#bucket}: check the server.`,
      { detail: { name } },
    );
  }

  async #hash(at: ObjectAddress, length: number): Promise<string> {
    const hash = createHash('sha256');
    const reader = new S3Vault(this.#other.connection, { ...NOWHERE, bucket: this.#bucket }, async () => at);
    for await (const piece of reader.readStream('version', { offset: 0, length })) hash.update(piece);
    return hash.digest('hex');
  }

  async #lock(pin: Pin): Promise<void> {
    if (pin.lock !== null) await lockVersion(this.#other.connection, pin, pin.lock);
  }

  async #deleteVersion(name: string, pin: Pin): Promise<void> {
    try {
      await this.#remove(pin);
    } catch (error) {
      if (outcomeOf(error) !== 'refused') throw error;
      const lock = await readLock(this.#other.connection, pin);
      throw new UsageError<VaultErrorCode>(
        'STORE_LOCKED',
        `${name} cannot be removed from the bucket ${this.#bucket}: ${describeLock(lock)}. Its content becomes unreadable when its secret is destroyed.`,
        { detail: { name, ...lock } },
      );
    }
  }

  async #remove({ key, version }: { readonly key: string; readonly version: string }): Promise<void> {
    const query = `versionId=${encodeURIComponent(version)}`;
    await this.#other.connection.send({ method: 'DELETE', key, query, expect: [200, 204] });
  }

  async #addressOf(name: string): Promise<ObjectAddress | null> {
    const pin = await this.pinOf(name);
    return pin === null ? null : { key: pin.key, version: pin.version };
  }

  /** The vault that holds a name. A destroyed object reads as its empty pin. */
  async #of<T>(name: string, use: (vault: Pick<Vault, 'read' | 'readStream' | 'info'>) => Promise<T>): Promise<T> {
    if (!isPinned(name)) return use(this.#plain);
    if (this.#pins.has(name)) return use(this.#other);
    const info = await this.#plain.info(name + PIN_SUFFIX);
    if (info?.length !== 0) return use(this.#other);
    const empty = new Uint8Array(0);
    return use({ read: async () => empty, readStream: () => once(empty), info: async () => ({ name, length: 0 }) });
  }

  async #translated<T>(doing: string, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#error(error, doing, name);
    }
  }

  #error(error: unknown, doing: string, what: string): unknown {
    if (error instanceof SourceFailure) return error.original;
    if (error instanceof CustodyError || error instanceof TypeError || error instanceof ReferenceError) return error;
    return s3Error(error, { doing, what, location: this.#other.location });
  }
}

/** Options of a vault that is only asked for addresses. */
const NOWHERE = { endpoint: '', prefix: '', accessKey: '', secretKey: '' };

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield data;
}

function isPinned(name: string): boolean {
  return name.startsWith(PREFIX) && !name.endsWith(PIN_SUFFIX);
}
