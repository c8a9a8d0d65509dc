import { u32 } from './big-endian-read.ts';
import type { SqliteHeader } from './header.ts';
import type { NodeCache } from './node-cache.ts';
import type { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';

/** What the freelist holds; `fault` says where it could not be followed. */
export interface FreePages {
  readonly pages: number;
  readonly fault: string | null;
}

/** Walks the freelist, https://www.sqlite.org/fileformat2.html#the_freelist, and claims its pages. */
export function readFreePages(nodes: NodeCache, header: SqliteHeader, claimed: PageSet): FreePages {
  const most = nodes.geometry.usable / 4 - 2;
  let pages = 0;
  for (let trunk = header.firstFreeTrunk; trunk !== 0; ) {
    if (trunk > nodes.geometry.pageCount || !claimed.add(trunk)) {
      return { pages, fault: `the freelist leads to page ${trunk}, which cannot be free` };
    }
    pages++;
    const bytes = nodes.pages.read(trunk);
    if (isFault(bytes)) return { pages, fault: bytes.fault };
    const count = u32(bytes, 4);
    if (count > most) return { pages, fault: `freelist page ${trunk} cannot list ${count} pages` };
    for (let i = 0; i < count; i++) {
      const page = u32(bytes, 8 + 4 * i);
      if (page < 2 || page > nodes.geometry.pageCount || !claimed.add(page)) {
        return { pages, fault: `the freelist names page ${page}, which cannot be free` };
      }
      pages++;
    }
    trunk = u32(bytes, 0);
  }
  const fault =
    pages === header.freePages ? null : `the freelist has ${pages} pages, the header says ${header.freePages}`;
  return { pages, fault };
}
