import type { Geometry } from './geometry.ts';
import { type BtreeNode, readNode, type TreeKind } from './node.ts';
import { isFault, type PageFault, type PageSource } from './page-source.ts';

/** Checked b-tree pages, the least recently used given up first: memory does not grow with the file. */
export class NodeCache {
  readonly pages: PageSource;
  readonly geometry: Geometry;
  readonly #most: number;
  readonly #nodes = new Map<number, { readonly kind: TreeKind; readonly node: BtreeNode }>();

  constructor(pages: PageSource, geometry: Geometry, most: number) {
    this.pages = pages;
    this.geometry = geometry;
    this.#most = Math.max(1, most);
  }

  read(page: number, kind: TreeKind): BtreeNode | PageFault {
    const held = this.#nodes.get(page);
    if (held !== undefined && held.kind === kind) {
      this.#nodes.delete(page);
      this.#nodes.set(page, held);
      return held.node;
    }
    const bytes = this.pages.read(page);
    if (isFault(bytes)) return bytes;
    const node = readNode(bytes, page, kind, this.geometry);
    if (!isFault(node)) this.#keep(page, kind, node);
    return node;
  }

  #keep(page: number, kind: TreeKind, node: BtreeNode): void {
    if (this.#nodes.size >= this.#most) {
      const oldest = this.#nodes.keys().next();
      if (!oldest.done) this.#nodes.delete(oldest.value);
    }
    this.#nodes.set(page, { kind, node });
  }
}
