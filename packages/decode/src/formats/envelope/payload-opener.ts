import { createDecipheriv, type KeyObject } from 'node:crypto';
import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { BatchLayout, PartLayout, SealedLayout } from '../../profile/sealed-layout.ts';
import { BatchOpener } from './batch-opener.ts';
import { PLAIN_IV } from './gcm-batch.ts';
import type { ProfileKeys } from './profile-keys.ts';
import type { RecipeBatchKeys } from './recipe-batch-keys.ts';
import { NUMBER, type RecordValues, TEXT } from './record-values.ts';

/** What became of a sealed payload. `opened` says whether a tag was checked: see the layout's authentication. */
export type Outcome = 'opened' | 'failed' | 'key-missing' | 'unsupported' | 'malformed' | 'too-long';

const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES } as const;
/** Longest plaintext after decompression. */
export const LONGEST_PLAINTEXT: number = 16 * 1024 * 1024;
/** So many payloads are opened one by one first: small dumps shall not pay for the memory that a batch needs. */
const FEW = 100;
/** Lengths whose views are kept. */
const MOST_VIEWS = 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Opens sealed payloads, together where they were staged before and one at a time otherwise; nothing of a plaintext
 * leaves it before its tag was found right.
 */
export class PayloadOpener {
  /** The plaintext of the last payload that opened is `bytes[start..end)`, until the next call. */
  bytes: Buffer = NOTHING;
  start = 0;
  end = 0;
  /** The plaintext is known to be UTF-8. */
  utf8 = false;
  /** Why, in words, where the outcome is not `opened`. */
  detail = '';
  /** Id of the key that the last record names; null: it names none. */
  keyId: string | null = null;
  readonly #keys: ProfileKeys;
  #decoded: Buffer[] = [];
  #buffers: Buffer[] = [];
  readonly #views: PrefixViews[] = [];
  readonly #aadViews = new PrefixViews();
  readonly #iv: Buffer = Buffer.alloc(PLAIN_IV);
  readonly #tag: Buffer = Buffer.alloc(TAG_BYTES);
  #aad: Buffer = Buffer.alloc(512);

  #together: BatchOpener | null = null;
  /** Payloads to come before it is worth to open them together. */
  #fewer: number;

  /** `together: false`: node:crypto alone, as where the platform has no WebAssembly. */
  constructor(keys: ProfileKeys, together = true) {
    this.#keys = keys;
    this.#fewer = together ? FEW : Number.POSITIVE_INFINITY;
  }

  /** Begins a window of records of the same bytes, or with `renewed` of others. */
  begin(renewed: boolean): void {
    if (renewed) this.#together?.begin();
    else this.#together?.batch.renew();
  }

  /** Takes a payload into the window; the number is for `open`, once all of the window are staged and `openStaged` called. */
  stage(values: RecordValues, layout: SealedLayout): number {
    const together = this.#room(values, layout);
    return together === null ? -1 : together.stage(values, layout, together.keyOf(values, layout));
  }

  /** As `stage`, for a payload that a recipe describes. */
  stageWith(values: RecordValues, layout: BatchLayout, keys: RecipeBatchKeys): number {
    const together = this.#room(values, layout);
    return together === null ? -1 : together.stage(values, layout, keys.of(values));
  }

  /** Null: the payload is not to be opened with others. */
  #room(values: RecordValues, layout: BatchLayout): BatchOpener | null {
    if (this.#fewer > 0 && --this.#fewer === 0) this.#together = BatchOpener.create(this.#keys);
    const together = this.#together;
    return together === null || together.batch.full || !isSupported(values, layout) ? null : together;
  }

  openStaged(): void {
    this.#together?.batch.open();
  }

  /** Whether the payload opened with the others: then its plaintext is here. */
  openedTogether(staged: number): boolean {
    const batch = this.#together?.batch;
    if (batch === undefined || staged < 0 || !batch.opened(staged)) return false;
    this.bytes = batch.wasm.memory;
    this.start = batch.start(staged);
    this.end = batch.end(staged);
    this.utf8 = batch.isUtf8(staged);
    return true;
  }

  /** The plaintext of the last payload that opened. */
  give(into: { bytes: Buffer; start: number; end: number; utf8: boolean }): void {
    into.bytes = this.bytes;
    into.start = this.start;
    into.end = this.end;
    into.utf8 = this.utf8;
  }

  /** `staged`: what `stage` gave. What did not open with the others is judged here. */
  open(values: RecordValues, layout: SealedLayout, staged = -1): Outcome {
    return this.openedTogether(staged) ? this.#inflate(layout) : this.#alone(values, layout);
  }

  #alone(values: RecordValues, layout: SealedLayout): Outcome {
    this.keyId = null;
    if (!isSupported(values, layout))
      return this.#stop('unsupported', 'sealed in a way that the profile does not describe');
    this.keyId = layout.key >= 0 && values.has(layout.key) ? values.text(layout.key) : null;
    if (layout.key >= 0 && this.keyId === null) return this.#stop('malformed', 'the record names no key');
    const keys = this.keyId === null ? this.#keys.all() : this.#keys.named(this.keyId);
    if (!this.#decode(values, layout)) return 'malformed';
    const iv = this.#part(layout.iv, this.#iv);
    const ciphertext = this.#part(layout.ciphertext);
    const tag = layout.tag === null ? NOTHING : this.#part(layout.tag, this.#tag);
    if (iv === null || ciphertext === null || tag === null || iv.length === 0 || iv.length > 128) {
      return this.#stop('malformed', 'the sealed payload is too short for its parts');
    }
    if (layout.tag !== null && tag.length !== TAG_BYTES) return this.#stop('malformed', 'the tag is not 16 bytes long');
    const aad = this.#aadOf(values, layout);
    if (aad === null) return this.#stop('malformed', 'a field that the seal covers is missing');
    if (keys.length === 0) return this.#stop('key-missing', 'no key with the id that the record names was supplied');
    if (layout.tag === null) return this.#unauthenticated(keys, { iv, ciphertext, layout });
    for (const key of keys) {
      if (this.#authenticated(key, { iv, ciphertext, tag, aad })) return this.#inflate(layout);
    }
    return this.#stop('failed', 'the tag does not fit: the record was altered or damaged, or the key is not its key');
  }

  #stop(outcome: Outcome, detail: string): Outcome {
    this.#give(NOTHING);
    this.detail = detail;
    return outcome;
  }

  #give(plaintext: Buffer): void {
    this.bytes = plaintext;
    this.start = 0;
    this.end = plaintext.length;
    this.utf8 = false;
  }

  #authenticated(key: KeyObject, sealed: { iv: Buffer; ciphertext: Buffer; tag: Buffer; aad: Buffer }): boolean {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.iv, OPTIONS);
    decipher.setAuthTag(sealed.tag);
    if (sealed.aad.length > 0) decipher.setAAD(sealed.aad);
    const plaintext = decipher.update(sealed.ciphertext);
    try {
      decipher.final();
    } catch {
      return false;
    }
    this.#give(plaintext);
    return true;
  }

  /** Without tags a wrong key gives noise, which must not pass for text; and no choice between keys could be justified. */
  #unauthenticated(
    keys: readonly KeyObject[],
    sealed: { iv: Buffer; ciphertext: Buffer; layout: SealedLayout },
  ): Outcome {
    const [key] = keys;
    if (key === undefined || keys.length > 1) {
      return this.#stop('key-missing', 'several keys fit and the dump has no tags that would tell the right one');
    }
    if (sealed.iv.length !== PLAIN_IV) return this.#stop('unsupported', 'an IV of other than 12 bytes, without a tag');
    // GCM encrypts in counter mode from the second counter block on (NIST SP 800-38D 7.1).
    const counter = Buffer.concat([sealed.iv, Buffer.of(0, 0, 0, 2)]);
    const decipher = createDecipheriv('aes-256-ctr', key, counter);
    this.#give(Buffer.concat([decipher.update(sealed.ciphertext), decipher.final()]));
    return this.#inflate(sealed.layout);
  }

  #inflate(layout: SealedLayout): Outcome {
    if (layout.compression === 'none') return 'opened';
    const inflate = { gzip: gunzipSync, deflate: inflateSync, 'deflate-raw': inflateRawSync, zstd: zstdDecompressSync };
    try {
      const packed = this.bytes.subarray(this.start, this.end);
      this.#give(inflate[layout.compression](packed, { maxOutputLength: LONGEST_PLAINTEXT }));
      return 'opened';
    } catch (error) {
      const tooLong = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      if (tooLong)
        return this.#stop('too-long', `the text is longer than ${LONGEST_PLAINTEXT} bytes when decompressed`);
      return this.#stop('malformed', `the decrypted bytes are not ${layout.compression} data`);
    }
  }

  #decode(values: RecordValues, layout: SealedLayout): boolean {
    for (let i = 0; i < layout.encoded.length; i++) {
      const slot = layout.encoded[i] as number;
      if (values.kinds[slot] !== TEXT) return this.#malformed('a sealed field is missing');
      const source = values.bytes(slot);
      const start = values.starts[slot] as number;
      const end = values.ends[slot] as number;
      const buffer = this.#bufferFor(i, end - start);
      const hex = layout.hex[i] as boolean;
      const written = hex ? decodeHex(source, { start, end }, buffer) : decodeBase64(source, { start, end }, buffer);
      if (written < 0) return this.#malformed(`a sealed field is not ${hex ? 'hex' : 'base64'}`);
      this.#decoded[i] = (this.#views[i] as PrefixViews).of(buffer, written);
    }
    return true;
  }

  #malformed(detail: string): false {
    this.#stop('malformed', detail);
    return false;
  }

  #bufferFor(i: number, length: number): Buffer {
    let buffer = this.#buffers[i];
    if (buffer === undefined || buffer.length < length) {
      buffer = Buffer.allocUnsafeSlow(Math.max(4096, length * 2));
      this.#buffers[i] = buffer;
    }
    this.#views[i] ??= new PrefixViews();
    return buffer;
  }

  /** A part of a decoded field; copied into `into` where that has its length, which is cheaper than a new view. */
  #part({ source, from, to }: PartLayout, into?: Buffer): Buffer | null {
    const bytes = this.#decoded[source] as Buffer;
    const start = from < 0 ? bytes.length + from : from;
    const end = to === null ? bytes.length : to < 0 ? bytes.length + to : to;
    if (start < 0 || end < start || end > bytes.length) return null;
    if (start === 0 && end === bytes.length) return bytes;
    if (into === undefined || into.length !== end - start) return bytes.subarray(start, end);
    for (let i = start; i < end; i++) into[i - start] = bytes[i] as number;
    return into;
  }

  #aadOf(values: RecordValues, layout: SealedLayout): Buffer | null {
    let length = 0;
    for (const { slot, text } of layout.aad) {
      if (slot < 0) {
        length = this.#appendAad(length, text, 0, text.length);
        continue;
      }
      const kind = values.kinds[slot];
      if (kind !== TEXT && kind !== NUMBER) return null;
      const bytes = values.bytes(slot);
      length = this.#appendAad(length, bytes, values.starts[slot] as number, values.ends[slot] as number);
    }
    return this.#aadViews.of(this.#aad, length);
  }

  #appendAad(at: number, bytes: Uint8Array, start: number, end: number): number {
    const need = at + end - start;
    if (need > this.#aad.length) {
      const bigger = Buffer.alloc(need * 2);
      bigger.set(this.#aad.subarray(0, at));
      this.#aad = bigger;
    }
    const into = this.#aad;
    for (let i = start; i < end; i++) into[at + i - start] = bytes[i] as number;
    return need;
  }
}

/** Views of the first so many bytes of one buffer, kept: lengths come again and again, and a view costs more than a look. */
class PrefixViews {
  #buffer: Buffer = NOTHING;
  #views: (Buffer | undefined)[] = [];

  of(buffer: Buffer, length: number): Buffer {
    if (length >= MOST_VIEWS) return buffer.subarray(0, length);
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#views = [];
    }
    let view = this.#views[length];
    if (view === undefined) {
      view = buffer.subarray(0, length);
      this.#views[length] = view;
    }
    return view;
  }
}

function isSupported(values: RecordValues, { supported }: BatchLayout): boolean {
  if (supported === null) return true;
  for (const value of supported.values) if (values.equals(supported.slot, value)) return true;
  return false;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Node decodes leniently (white space, the URL alphabet, garbage is skipped); the number of bytes shows whether every
 * character counted. What a digit of the wrong alphabet stands for is then for the tag to judge.
 */
function decodeBase64(source: Buffer, { start, end }: Range, into: Buffer): number {
  let last = end;
  while (last > start && last > end - 2 && source[last - 1] === 0x3d) last--;
  const length = last - start;
  if (length % 4 === 1) return -1;
  const written = into.write(source.toString('latin1', start, last), 0, into.length, 'base64');
  return written === Math.floor((length * 3) / 4) ? written : -1;
}

function decodeHex(source: Buffer, { start, end }: Range, into: Buffer): number {
  const length = end - start;
  if (length % 2 !== 0) return -1;
  const written = into.write(source.toString('latin1', start, end), 0, into.length, 'hex');
  return written === length / 2 ? written : -1;
}
