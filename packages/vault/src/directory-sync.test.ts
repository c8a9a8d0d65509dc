import type { FileHandle } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Syncs } from './directory-sync.ts';

const handle = {} as FileHandle;

/** Folder syncs that end when told to, in the order they began. */
function held(): { syncs: Syncs; began: string[]; end: (error?: Error) => void } {
  const began: string[] = [];
  const open: ((error?: Error) => void)[] = [];
  const syncs = new Syncs({
    file: () => Promise.resolve(),
    folder: (path) =>
      new Promise((resolve, reject) => {
        began.push(path);
        open.push((error) => (error === undefined ? resolve() : reject(error)));
      }),
  });
  return { syncs, began, end: (error) => open.shift()?.(error) };
}

it('syncs a folder once for all who asked before it began', async () => {
  const { syncs, began, end } = held();
  const first = syncs.folder('a');
  const later = [syncs.folder('a'), syncs.folder('a'), syncs.folder('a')];
  await Promise.resolve();
  expect(began).toEqual(['a']);
  end();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(began).toEqual(['a', 'a']);
  end();
  await Promise.all(later);
  const again = syncs.folder('a');
  expect(began).toHaveLength(3);
  end();
  await again;
});

it('promises nothing more after a failure, and tries no fsync again', async () => {
  const { syncs, began, end } = held();
  const first = syncs.folder('a');
  const later = syncs.folder('a');
  end(Object.assign(new Error('i/o'), { code: 'EIO', syscall: 'fsync' }));
  await expect(first).rejects.toThrow('i/o');
  await expect(later).rejects.toMatchObject({ family: 'unavailable', code: 'STORE_UNAVAILABLE' });
  await expect(syncs.folder('b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(syncs.file(handle)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(began).toEqual(['a']);
});
