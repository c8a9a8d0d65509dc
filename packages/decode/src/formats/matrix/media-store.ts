import type { CaptureFile } from '../../format.ts';
import type { FindMedia } from './event-source.ts';

/** Where Synapse keeps media ("Media repository"): `local_content/AA/BB/REST`, `remote_content/SERVER/AA/BB/REST`. */
const STORED = /(?:^|\/)((?:local_content|remote_content\/[^/]+)\/[^/]{2}\/[^/]{2}\/[^/]+)$/;
/** Media that somebody put beside an export, by its id or by server and id. */
const LOOSE = /(?:^|\/)media\/((?:[^/]+\/)?[A-Za-z0-9_-]+)(?:\.[A-Za-z0-9]{1,8})?$/;

/** Media of a directory capture by the name that events lead to. */
export type MediaIndex = ReadonlyMap<string, string>;

/** Paths of media files in a capture; empty for a single file. */
export function indexMedia({ folder }: CaptureFile): MediaIndex {
  const index = new Map<string, string>();
  for (const path of folder?.names ?? []) {
    const name = STORED.exec(path)?.[1] ?? loose(path);
    if (name !== null && !index.has(name)) index.set(name, path);
  }
  return index;
}

function loose(path: string): string | null {
  const name = LOOSE.exec(path)?.[1];
  return name === undefined ? null : `media/${name}`;
}

/** Finds what an `mxc://server/id` leads to. */
export function mediaFinder({ folder }: CaptureFile, index: MediaIndex): FindMedia {
  return (server, id) => {
    const split = `${id.slice(0, 2)}/${id.slice(2, 4)}/${id.slice(4)}`;
    for (const name of [
      `remote_content/${server}/${split}`,
      `local_content/${split}`,
      `media/${server}/${id}`,
      `media/${id}`,
    ]) {
      const path = index.get(name);
      const source = path === undefined ? null : (folder?.open(path) ?? null);
      if (path !== undefined && source !== null) return { source, path };
    }
    return null;
  };
}
