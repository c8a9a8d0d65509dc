import type { Locator } from '@custody/evidence';
import { u32 } from './big-endian-read.ts';
import { type CellWalk, TreeWalk } from './cell-walk.ts';
import { localLength } from './geometry.ts';
import type { BtreeNode, TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { lowerBound, rowidOf } from './node-keys.ts';
import { type ByteRange, joinOverflow } from './overflow.ts';
import { isFault, type Origin } from './page-source.ts';
import type { PageProblem, ProblemLog } from './problem.ts';
import { RowFields } from './row-fields.ts';
import type { RowLayout } from './row-layout.ts';
import { type Rowid, readRowid, readVarint, varintSize } from './varint.ts';

/** What a cursor walks and how far. */
export interface CursorPlan {
  readonly nodes: NodeCache;
  readonly walk: CellWalk;
  readonly kind: TreeKind;
  readonly layout: RowLayout;
  readonly log: ProblemLog;
  readonly path: string;
  readonly toRowid: Rowid | null;
}

/**
 * One row at a time, in key order, without an object per row: after `next()` or `seek()` gave true, the cursor shows
 * that row. A row is shown only when all of it could be read, overflow pages included; what could not be shown stands
 * in `problems`. Arrays of bytes it hands out are views into the file's pages: they stay valid, and are never written.
 */
export class RowCursor extends RowFields {
  /** Rowid of the row; 0 in WITHOUT ROWID tables. */
  override rowid: Rowid = 0;
  /** Page on which the row's cell stands. */
  page = 0;
  readonly #plan: CursorPlan;
  readonly #mostLocal: number;
  readonly #hasRowid: boolean;
  readonly #mostFields: number;
  #node: BtreeNode | null = null;
  #index = 0;
  #to = 0;
  #lost = 0;
  #lostRowids: Rowid[] = [];
  #last: Rowid | null = null;
  #lastBeforePage: Rowid | null = null;
  #ended = false;
  #localStart = 0;
  #localLength = 0;
  #overflow: readonly ByteRange[] = NO_RANGES;

  constructor(plan: CursorPlan) {
    super(plan.layout);
    this.#plan = plan;
    const geometry = plan.nodes.geometry;
    this.#hasRowid = plan.kind === 'table';
    this.#mostFields = plan.layout.mostFields;
    this.#mostLocal = this.#hasRowid ? geometry.mostLocalInTable : geometry.mostLocalInIndex;
  }

  /** What was lost or doubtful on the way so far. Complete once `next()` gave false. */
  get problems(): readonly PageProblem[] {
    return this.#plan.log.items;
  }

  /** Goes to the next row. False at the end. Never throws for damage. */
  next(): boolean {
    while (!this.#ended) {
      while (++this.#index < this.#to) if (this.#take()) return this.#within();
      this.#leave();
      if (!this.#plan.walk.nextRun()) return this.#end();
      this.#enter();
    }
    return false;
  }

  /**
   * Goes to the row with this rowid, forward or backward. False where there is none that can be read; `next()` then
   * gives the first row behind. Only for tables with rowids that are walked whole.
   */
  seek(rowid: Rowid): boolean {
    if (this.#hasRowid && this.#node !== null && this.#seekNear(rowid)) return this.#landed(rowid);
    const walk = this.#plan.walk;
    if (!(walk instanceof TreeWalk) || !this.#hasRowid) return false;
    this.#leave();
    this.#last = null;
    this.#plan.log.last = null;
    this.#ended = false;
    if (!walk.seek(rowid)) return this.#end();
    this.#enter();
    return this.#landed(rowid);
  }

  /** Goes before the first row whose rowid is not smaller: `next()` gives it. */
  seekBefore(rowid: Rowid): void {
    if (!this.seek(rowid)) return;
    this.#index--;
    this.#last = null;
  }

  /** Which file the row's cell stands in. */
  get origin(): Origin {
    return this.#plan.nodes.pages.originOf(this.page);
  }

  /** Where the record begins in that file; overflow parts stand elsewhere, see `ranges`. */
  get offset(): number {
    return this.#plan.nodes.pages.offsetOf(this.page) + this.#localStart;
  }

  /** Bytes of the record at `offset`: all of it unless it spills onto overflow pages. */
  get length(): number {
    return this.#localLength;
  }

  /** All places where the record stands, in order. */
  ranges(): readonly ByteRange[] {
    return [{ origin: this.origin, offset: this.offset, length: this.length }, ...this.#overflow];
  }

  /** The row's place as evidence cites it. Rowids beyond 2^53 have no `row`. */
  locator(): Locator {
    const path = this.origin === 'wal' ? `${this.#plan.path}-wal` : this.#plan.path;
    const row = this.#hasRowid && typeof this.rowid === 'number' ? this.rowid : null;
    return { path, offset: this.offset, length: this.length, row };
  }

  /** The record as found, header included; overflow parts joined. */
  record(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + this.payloadLength);
  }

  #enter(): void {
    const { node, from, to } = this.#plan.walk;
    this.#node = node;
    this.page = node?.page ?? 0;
    this.#index = from - 1;
    this.#to = to;
    this.#lastBeforePage = this.#last;
  }

  /** Reads the cell at `#index`. False where it is no whole row. */
  #take(): boolean {
    const node = this.#node!;
    const bytes = node.bytes;
    let at = node.cells[this.#index]!;
    if (at < 0) return false;
    if (!node.leaf) at += 4;
    let payload = bytes[at]!;
    if (payload < 0x80) at++;
    else {
      payload = readVarint(bytes, at);
      at += varintSize(bytes, at);
    }
    if (this.#hasRowid) {
      const first = bytes[at]!;
      this.rowid = first < 0x80 ? first : readRowid(bytes, at);
      at += first < 0x80 ? 1 : varintSize(bytes, at);
    }
    this.#localStart = at;
    this.payloadLength = payload;
    if (payload > this.#mostLocal) return this.#takeSpilled(bytes, at, payload);
    this.#localLength = payload;
    this.#overflow = NO_RANGES;
    this.bytes = bytes;
    this.start = at;
    return this.fields.read(bytes, at, payload) ? this.#shown() : this.#lose();
  }

  #takeSpilled(bytes: Uint8Array, at: number, total: number): boolean {
    const { geometry, pages } = this.#plan.nodes;
    const length = localLength(geometry, this.#mostLocal, total);
    const local = bytes.subarray(at, at + length);
    const joined = joinOverflow(pages, geometry, { local, total, firstPage: u32(bytes, at + length) });
    if (isFault(joined)) return this.#lose();
    this.#localLength = length;
    this.#overflow = joined.ranges;
    this.bytes = joined.bytes;
    this.start = 0;
    return this.fields.read(joined.bytes, 0, total) ? this.#shown() : this.#lose();
  }

  #shown(): true {
    if (this.#hasRowid) {
      if (this.#last !== null && this.rowid <= this.#last) this.#reportOrder();
      this.#last = this.rowid;
    }
    if (this.fields.count > this.#mostFields) this.#reportFields();
    if (this.#plan.log.unbracketed) this.#plan.log.bracket(this.#hasRowid ? this.rowid : null);
    return true;
  }

  #lose(): false {
    this.#lost++;
    if (this.#hasRowid) this.#lostRowids.push(this.rowid);
    return false;
  }

  /** What a page cost is known when it is left. */
  #leave(): void {
    const node = this.#node;
    if (node === null) return;
    const { log } = this.#plan;
    const rowsLost = this.#lost + (node.leaf ? node.damagedCells : 0);
    if (rowsLost > 0) {
      const reason = `${rowsLost} of ${node.cellCount} rows on the page are damaged`;
      const lost = { rowsLost, rowids: this.#lostRowids, after: this.#lastBeforePage };
      log.add({ code: 'CELLS_DAMAGED', class: 'lost', reason, ...lost }, node.page, node.leaf ? -1 : this.#index);
    } else if (node.leaf && node.disagreement !== null) {
      const reason = `the page's bytes do not add up (${node.disagreement}): rows may be missing or changed`;
      log.add({ code: 'SPACE_DISAGREES', class: 'doubt', reason, rowsLost: null }, node.page);
    }
    this.#lost = 0;
    this.#lostRowids = [];
    this.#node = null;
    log.last = this.#last;
  }

  #reportOrder(): void {
    const reason = 'rowids do not ascend here: a rowid was changed or a page belongs elsewhere';
    this.#plan.log.add({ code: 'ORDER_BROKEN', class: 'doubt', reason, rowsLost: 0 }, this.page);
  }

  #reportFields(): void {
    const reason = 'a row has more fields than its table has columns: the page may belong to another table';
    this.#plan.log.add({ code: 'FIELDS_DISAGREE', class: 'doubt', reason, rowsLost: 0 }, this.page);
  }

  #end(): false {
    this.#plan.log.bracket(null);
    this.#index = 0;
    this.#to = 0;
    this.#ended = true;
    return false;
  }

  #within(): boolean {
    const to = this.#plan.toRowid;
    if (to === null || !this.#hasRowid || this.rowid <= to) return true;
    this.#leave();
    return this.#end();
  }

  /** True where the rowid stands, or would stand, on the present leaf at or behind the present row. */
  #seekNear(rowid: Rowid): boolean {
    const node = this.#node!;
    const from = Math.max(0, this.#index);
    if (!node.leaf || this.#to !== node.cellCount || from >= this.#to) return false;
    const first = rowidOf(node, from);
    if (first === null || rowid < first) return false;
    let at = from;
    // Merges of tables in the same order ask for one of the next rows.
    const soon = Math.min(from + 3, this.#to);
    for (; at < soon; at++) {
      const found = rowidOf(node, at);
      if (found !== null && found >= rowid) break;
    }
    if (at === soon) {
      const last = rowidOf(node, this.#to - 1);
      if (last === null || rowid > last) return false;
      at = lowerBound(node, from, rowid);
    }
    this.#index = at - 1;
    this.#last = null;
    return true;
  }

  /** The row behind `#index` is the first that is not smaller. */
  #landed(rowid: Rowid): boolean {
    const node = this.#node!;
    const at = this.#index + 1;
    if (at < this.#to && node.cells[at]! >= 0 && rowidOf(node, at) !== rowid) return false;
    if (!this.next()) return false;
    if (this.rowid === rowid) return true;
    this.#index--;
    this.#last = null;
    return false;
  }
}

const NO_RANGES: readonly ByteRange[] = [];
