import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { openSealed, openSealedStream } from './open-sealed.ts';
import { openSealedFileSync } from './sealed-file.ts';

/** Kinds of the test kit that custody does not implement, by the beginning of their names. */
const NOT_OURS = ['armor_', 'hybrid', 'scrypt'];

/**
 * Damaged after chunks that verify in one reading of their place. The reference releases those; we hold back what is
 * last until the stream has ended, so we release less. What we do release must be the beginning of the true plaintext.
 */
const STRICTER = [
  'stream_no_final_full',
  'stream_no_final_two_chunks_full',
  'stream_trailing_garbage_long',
  'stream_trailing_garbage_short',
  'stream_two_final_chunks',
  'stream_two_final_chunks_full',
  'stream_two_final_chunks_second',
];

interface Vector {
  readonly expected: string;
  readonly payload: string | undefined;
  readonly identities: string[];
  readonly file: Buffer;
}

function readVector(path: string): Vector {
  const bytes = readFileSync(path);
  const split = bytes.indexOf('\n\n');
  const head = bytes.toString('latin1', 0, split).split('\n');
  const values = (key: string): string[] =>
    head.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const body = bytes.subarray(split + 2);
  return {
    expected: values('expect')[0] as string,
    payload: values('payload')[0],
    identities: values('identity'),
    file: values('compressed')[0] === 'zlib' ? inflateSync(body) : body,
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const codeFor = (expected: string): string => (expected === 'no match' ? 'SEALED_TO_OTHERS' : 'SEAL_BROKEN');

/** All that a stream released, and the code of the error it ended with. */
async function release(vector: Vector): Promise<{ plain: Buffer; code: unknown }> {
  const parts: Uint8Array[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < vector.file.length; at += 50_000) yield vector.file.subarray(at, at + 50_000);
  }
  try {
    for await (const part of openSealedStream(source(), vector.identities)) parts.push(part);
  } catch (error) {
    return { plain: Buffer.concat(parts), code: (error as { code?: unknown }).code };
  }
  return { plain: Buffer.concat(parts), code: undefined };
}

describeWithShared('the age test kit (C2SP/CCTV)', (shared) => {
  const folder = join(shared, 'vectors/envelopes/age-cctv/age/testdata');
  const names = readdirSync(folder).filter((name) => !NOT_OURS.some((kind) => name.startsWith(kind)));
  const temp = mkdtempSync(join(tmpdir(), 'age-'));
  afterAll(() => rmSync(temp, { recursive: true }));

  const { file, identities } = readVector(join(folder, 'stream_258_chunks'));
  const longest = openSealed(file, identities);

  it('holds the vectors we know of', () => expect(names.length).toBe(67));

  it.each(names)('%s', async (name) => {
    const vector = readVector(join(folder, name));
    const path = join(temp, name);
    writeFileSync(path, vector.file);
    const streamed = await release(vector);
    if (STRICTER.includes(name)) expect(streamed.plain.equals(longest.subarray(0, streamed.plain.length))).toBe(true);
    else if (vector.payload !== undefined) expect(sha256(streamed.plain)).toBe(vector.payload);
    if (vector.expected === 'success') {
      expect(streamed.code).toBeUndefined();
      expect(sha256(openSealed(vector.file, vector.identities))).toBe(vector.payload);
      const reader = openSealedFileSync(path, vector.identities);
      expect(sha256(reader.read(0, reader.length))).toBe(vector.payload);
      reader.close();
      return;
    }
    const wanted = expect.objectContaining({ code: codeFor(vector.expected) });
    expect(streamed.code).toBe(codeFor(vector.expected));
    expect(() => openSealed(vector.file, vector.identities)).toThrow(wanted);
    expect(() => {
      const reader = openSealedFileSync(path, vector.identities);
      try {
        reader.read(0, reader.length);
      } finally {
        reader.close();
      }
    }).toThrow(wanted);
  });
});
