import type { KeyObject } from 'node:crypto';
import type { BatchLayout, PartLayout, SealedLayout } from '../../profile/sealed-layout.ts';
import { BytesCache } from './bytes-cache.ts';
import { type BatchKey, batchKey, GcmBatch, PLAIN_IV } from './gcm-batch.ts';
import type { ProfileKeys } from './profile-keys.ts';
import { NUMBER, type RecordValues, TEXT } from './record-values.ts';

const TAG_BYTES = 16;
/** Longer fields are left to node:crypto: for them a call is cheap. */
const LONGEST_FIELD = 32 * 1024;
const LONGEST_AAD = 4096;
const KEY_PLACES = 1 << 10;

/**
 * Prepares the sealed payloads of a window of records and opens them together. Whatever is out of the ordinary is not
 * taken (-1) and not judged: PayloadOpener looks at it alone.
 */
export class BatchOpener {
  readonly batch: GcmBatch;
  readonly #known = new Map<KeyObject, BatchKey>();
  readonly #byId: BytesCache<BatchKey | null>;
  readonly #all: BatchKey | null;
  #loaded: Buffer | null = null;
  #loadedFrom = 0;
  #loadedTo = 0;
  /** Places and lengths of the decoded fields of one record. */
  readonly #places: number[] = [];
  readonly #lengths: number[] = [];
  /** Length of the last part found. */
  #partLength = 0;

  private constructor(batch: GcmBatch, keys: ProfileKeys) {
    this.batch = batch;
    this.#byId = new BytesCache((id) => this.#onlyOne(keys.named(id)), KEY_PLACES);
    this.#all = this.#onlyOne(keys.all());
  }

  /** Null where the platform has no WebAssembly. */
  static create(keys: ProfileKeys): BatchOpener | null {
    const batch = GcmBatch.create();
    return batch === null ? null : new BatchOpener(batch, keys);
  }

  /** Forgets the bytes of the dump it holds: call it before the bytes of a Buffer it was given change. */
  begin(): void {
    this.#loaded = null;
    this.batch.renew();
  }

  /** The payload's number in the window, or -1. */
  stage(values: RecordValues, layout: BatchLayout, key: BatchKey | null): number {
    const { batch } = this;
    if (key === null || layout.tag === null || !this.#decode(values, layout)) return -1;
    const iv = this.#part(layout.iv, PLAIN_IV);
    const text = this.#part(layout.ciphertext, -1);
    const textLength = this.#partLength;
    const tag = this.#part(layout.tag, TAG_BYTES);
    if (iv < 0 || text < 0 || tag < 0) return -1;
    const aad = this.#aad(values, layout);
    if (aad < 0) return -1;
    return batch.add(key, { iv, aad, aadLength: this.#partLength, text, textLength, tag });
  }

  #onlyOne(keys: readonly KeyObject[]): BatchKey | null {
    const [key] = keys;
    if (key === undefined || keys.length > 1) return null;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = batchKey(key);
      this.#known.set(key, known);
    }
    return known;
  }

  /** The only key that the record can have; null where there are several or none. */
  keyOf(values: RecordValues, { key }: SealedLayout): BatchKey | null {
    if (key < 0) return this.#all;
    if (!values.has(key)) return null;
    const bytes = values.bytes(key);
    return this.#byId.get(bytes, values.starts[key] as number, values.ends[key] as number);
  }

  #decode(values: RecordValues, { encoded, hex }: BatchLayout): boolean {
    for (let i = 0; i < encoded.length; i++) {
      const slot = encoded[i] as number;
      if (values.kinds[slot] !== TEXT || values.escaped[slot] !== 0) return false;
      const source = values.bytes(slot);
      const start = values.starts[slot] as number;
      const end = values.ends[slot] as number;
      if (end - start > LONGEST_FIELD) return false;
      if (!(hex[i] ? this.#hex(i, source, { start, end }) : this.#base64(i, source, { start, end }))) return false;
    }
    return true;
  }

  #base64(i: number, source: Buffer, { start, end: last }: { start: number; end: number }): boolean {
    let end = last;
    while (end > start && end > last - 2 && source[end - 1] === 0x3d) end--;
    const into = this.batch.reserve(((end - start) * 3) >> 2);
    if (into < 0) return false;
    const from = this.#load(source, start, end);
    const length = this.batch.wasm.base64(from, from + end - start, into);
    this.#places[i] = into;
    this.#lengths[i] = length;
    return length >= 0;
  }

  #hex(i: number, source: Buffer, { start, end }: { start: number; end: number }): boolean {
    const length = (end - start) / 2;
    const into = Number.isInteger(length) ? this.batch.reserve(length) : -1;
    if (into < 0) return false;
    this.#places[i] = into;
    this.#lengths[i] = length;
    return this.batch.wasm.memory.write(source.toString('latin1', start, end), into, length, 'hex') === length;
  }

  /** Where `source[start..end)` lies in the batch's memory; a large stretch of the dump is copied there at a time. */
  #load(source: Buffer, start: number, end: number): number {
    const { wasm } = this.batch;
    if (this.#loaded !== source || start < this.#loadedFrom || end > this.#loadedTo) {
      this.#loaded = source;
      this.#loadedFrom = start;
      this.#loadedTo = Math.min(source.length, start + wasm.sourceSize);
      wasm.memory.set(source.subarray(start, this.#loadedTo), wasm.source);
    }
    return wasm.source + start - this.#loadedFrom;
  }

  /** Place of a part of a decoded field; -1: it is not there, or not of the length asked for. */
  #part({ source, from, to }: PartLayout, length: number): number {
    const whole = this.#lengths[source] as number;
    const start = from < 0 ? whole + from : from;
    const end = to === null ? whole : to < 0 ? whole + to : to;
    if (start < 0 || end < start || end > whole) return -1;
    if (length >= 0 && length !== end - start) return -1;
    this.#partLength = end - start;
    return (this.#places[source] as number) + start;
  }

  #aad(values: RecordValues, { aad }: BatchLayout): number {
    let length = 0;
    for (const { slot, part, text } of aad) {
      if (part !== null && this.#part(part, -1) < 0) return -1;
      if (slot < 0) {
        length += part === null ? text.length : this.#partLength;
        continue;
      }
      const kind = values.kinds[slot];
      if (kind !== TEXT && kind !== NUMBER) return -1;
      values.bytes(slot);
      length += (values.ends[slot] as number) - (values.starts[slot] as number);
    }
    const place = length > LONGEST_AAD ? -1 : this.batch.reserve(length);
    if (place < 0) return -1;
    const into = this.batch.wasm.memory;
    let at = place;
    for (const { slot, part, text } of aad) {
      if (part !== null) {
        const start = this.#part(part, -1);
        into.copyWithin(at, start, start + this.#partLength);
        at += this.#partLength;
        continue;
      }
      const bytes = slot < 0 ? text : values.bytes(slot);
      const start = slot < 0 ? 0 : (values.starts[slot] as number);
      const end = slot < 0 ? text.length : (values.ends[slot] as number);
      for (let i = start; i < end; i++) into[at++] = bytes[i] as number;
    }
    this.#partLength = length;
    return place;
  }
}
