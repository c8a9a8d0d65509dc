import { expect, it } from 'vitest';
import { PartReader } from './s3-upload.ts';

it.each([
  ['bytes', new Uint8Array(1000)],
  // `Buffer.prototype.slice` makes no copy, `Uint8Array.prototype.slice` does.
  ['a Buffer', Buffer.alloc(1000)],
])('keeps no chunk of the stream, %s: it may be filled anew once the next one is asked for', async (_, room) => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let i = 1; i <= 3; i++) yield room.fill(i);
    room.fill(9);
  }
  const reader = new PartReader(chunks());
  const part = (await reader.next(1)) as Buffer;
  expect([part.length, part[0], part[1000], part[2999]]).toEqual([3000, 1, 2, 3]);
  expect(await reader.next(2)).toBeNull();
});
