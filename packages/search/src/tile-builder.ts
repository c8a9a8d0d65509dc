import { type ByteColumn, rowBytes, rowStart } from '@custody/bytes';
import { Extractor, type FoundMention } from '@custody/entities';
import { type BatchFacts, decodeAttachments, dispositionCode, itemKinds, itemSlot, LEAF_ITEM } from '@custody/evidence';
import { PartEncoder } from './encode-part.ts';
import { MENTIONS_LAYOUT, MentionRows } from './mention-rows.ts';
import { PartyMentions } from './party-mentions.ts';
import { TILE_LEAVES } from './tile-names.ts';
import { WORDS_LAYOUT, WordRows } from './word-rows.ts';

export const ITEMS_LAYOUT = 'items 1';

/** A segment as the index sees it. */
export interface TileInput {
  readonly batch: {
    /** Columns of item fields; `items[slot - 1]`. */
    readonly items: readonly ByteColumn[];
    readonly facts: BatchFacts;
    /** LEAF_ITEM or LEAF_FINDING for each leaf. */
    readonly kinds: Uint8Array;
    /** For each leaf its row among items or findings. */
    readonly rows: Uint32Array;
  };
  /** Leaves [from, to) of the batch are the segment: at most TILE_LEAVES. A leaf's position is `leaf - from`. */
  readonly from: number;
  readonly to: number;
  /** Disposition code of each item row; what is not in scope is not indexed. */
  readonly codes: Uint8Array;
}

/** The plaintext of a tile: three Parquet files that are a function of the input. */
export interface TilePlain {
  readonly mentions: Uint8Array;
  readonly words: Uint8Array;
  readonly items: Uint8Array;
}

const kindCodes = new Map<string, number>(itemKinds.map((kind, code) => [kind, code]));

/** Builds tiles one after another in the same memory. */
export class TileBuilder {
  readonly #extractor: Extractor;
  readonly #encoder = new PartEncoder();
  readonly #mentions = new MentionRows();
  readonly #parties = new PartyMentions();
  /** Of the item at hand. */
  readonly #into = { rows: this.#mentions, position: 0 };
  readonly #words = new WordRows();
  /** Of each item in scope. */
  readonly #positions = new Int32Array(TILE_LEAVES);
  readonly #rows = new Uint32Array(TILE_LEAVES);
  readonly #kinds = new Uint8Array(TILE_LEAVES);
  readonly #sentMs = new Float64Array(TILE_LEAVES);
  #count = 0;
  #position = 0;
  #base: number | null = null;

  /** `region`: ISO 3166 code for what a text leaves open (national telephone numbers, whose dollars), or null. */
  constructor(options: { readonly region?: string | null } = {}) {
    this.#extractor = new Extractor(options.region ? { region: options.region } : {});
  }

  /** `lap` is told when a stage is done. Throws RangeError for more leaves than a tile holds. */
  build(input: TileInput, lap: (stage: 'words' | 'extract' | 'encode') => void = () => {}): TilePlain {
    if (!(input.to - input.from <= TILE_LEAVES)) throw new RangeError(`a tile holds at most ${TILE_LEAVES} leaves`);
    this.#clear();
    this.#choose(input);
    this.#addWords(input.batch.items);
    lap('words');
    for (let i = 0; i < this.#count; i++) this.#item(input, i);
    lap('extract');
    const mentions = this.#mentions.columns();
    const words = this.#words.columns();
    const plain = {
      mentions: this.#encoder.encode(MENTIONS_LAYOUT, mentions.rows, mentions.columns),
      words: this.#encoder.encode(WORDS_LAYOUT, words.rows, words.columns),
      items: this.#encodeItems(),
    };
    lap('encode');
    return plain;
  }

  /** Notes position and row of what is in scope. */
  #choose({ batch, from, to, codes }: TileInput): void {
    const inScope = dispositionCode['in-scope'];
    for (let leaf = from; leaf < to; leaf++) {
      const row = batch.rows[leaf] as number;
      if (batch.kinds[leaf] !== LEAF_ITEM || codes[row] !== inScope) continue;
      this.#positions[this.#count] = leaf - from;
      this.#rows[this.#count++] = row;
    }
  }

  #addWords(items: readonly ByteColumn[]): void {
    const body = items[itemSlot.body - 1] as ByteColumn;
    const { bytes, ends, absent } = body;
    for (let i = 0; i < this.#count; i++) {
      const row = this.#rows[i] as number;
      if (absent[row] === 1) continue;
      this.#words.add(this.#positions[i] as number, bytes, rowStart(body, row), ends[row] as number);
    }
  }

  #clear(): void {
    this.#mentions.clear();
    this.#parties.nextTile();
    this.#words.clear();
    this.#count = 0;
  }

  #item({ batch }: TileInput, at: number): void {
    const row = this.#rows[at] as number;
    const position = this.#positions[at] as number;
    this.#kinds[at] = kindCodes.get(batch.facts.kinds[row] as string) as number;
    this.#sentMs[at] = wholeMs(batch.facts.sentMs[row] as number);
    this.#into.position = position;
    this.#parties.add(batch.items, row, this.#into);
    const body = batch.items[itemSlot.body - 1] as ByteColumn;
    this.#position = position;
    if (body.absent[row] !== 1) {
      const start = rowStart(body, row);
      const end = body.ends[row] as number;
      this.#base = start;
      this.#extractor.scan(body.bytes, start, end, this.#found);
    }
    const attachments = batch.items[itemSlot.attachments - 1] as ByteColumn;
    if (attachments.absent[row] !== 1) this.#attachmentNames(rowBytes(attachments, row) as Uint8Array);
  }

  #attachmentNames(encoded: Uint8Array): void {
    this.#base = null;
    for (const { name } of decodeAttachments(encoded)) {
      if (name === null) continue;
      const bytes = new TextEncoder().encode(name);
      this.#extractor.scan(bytes, 0, bytes.length, this.#found);
    }
  }

  readonly #found = (mention: FoundMention): void => {
    this.#mentions.addFound(mention, this.#position, this.#base);
  };

  #encodeItems(): Uint8Array {
    const count = this.#count;
    return this.#encoder.encode(ITEMS_LAYOUT, count, [
      { form: 'int32', name: 'position', values: this.#positions.subarray(0, count) },
      { form: 'int64?', name: 'sentMs', values: this.#sentMs.subarray(0, count) },
      { form: 'choice', name: 'kind', names: itemKinds, codes: this.#kinds.subarray(0, count) },
    ]);
  }
}

/** Whole milliseconds, or NaN where there is no time. */
function wholeMs(ms: number): number {
  return Number.isFinite(ms) ? Math.trunc(ms) : Number.NaN;
}
