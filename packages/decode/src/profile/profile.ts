import type { Clock, ItemKind, Precision } from '@custody/evidence';
import type { Recipe } from '../recipe/recipe.ts';
import type { FieldPath } from './field-path.ts';
import type { ProfileCase } from './profile-case.ts';

export type { FieldPath } from './field-path.ts';

/** A value that names a person, device or group. */
export interface PartyField {
  readonly field: FieldPath;
  /** Type of the party (`username`, `phone`, `imei` …). */
  readonly type: string;
}

export interface RecipientsField extends PartyField {
  /** `array`: a JSON array of texts; `separated`: one text, see `separator`; left out: one value. */
  readonly list?: 'array' | 'separated';
  /** One ASCII character. */
  readonly separator?: string;
}

export interface TimeField {
  readonly field: FieldPath;
  readonly format: 'unix-ms' | 'unix-s' | 'iso8601' | 'day-month-year' | 'excel-1900';
  /**
   * `UTC`, `+hh:mm` or an IANA name (`Europe/Amsterdam`) for times that state none themselves; null where the dump does
   * not say. Unix times are UTC.
   */
  readonly zone: string | null;
  readonly clock: Clock;
  /** Left out: what the format, or each text, shows. */
  readonly precision?: Precision;
}

/** A stretch of a field's decoded bytes; negative numbers count from its end. */
export interface SealedPart {
  readonly field: FieldPath;
  readonly from?: number;
  readonly to?: number;
}

export interface SealedPayload {
  readonly encoding: 'base64' | 'hex';
  readonly cipher: 'aes-256-gcm';
  /** Where the id of the key stands; left out: every key supplied for the profile is a candidate. */
  readonly key?: { readonly field: FieldPath };
  readonly iv: SealedPart;
  readonly ciphertext: SealedPart;
  /** Null: the dump kept no tags. Then what is decrypted is not authenticated, and every item says so. */
  readonly tag: SealedPart | null;
  /** Additional authenticated data: these, one after the other, as their bytes stand in the record. */
  readonly aad?: readonly ({ readonly field: FieldPath } | { readonly text: string })[];
  /** A record whose field has none of these values is of another version: UNSUPPORTED_VERSION. */
  readonly supported?: { readonly field: FieldPath; readonly values: readonly string[] };
  readonly compression?: 'none' | 'gzip' | 'deflate' | 'deflate-raw' | 'zstd';
  readonly inner: { readonly kind: 'text' } | { readonly kind: 'json'; readonly body: FieldPath };
}

export interface NamedField {
  readonly field: FieldPath;
  /** `integer`: digits become a number, all else stays text. */
  readonly as?: 'text' | 'integer';
}

/** One type of record. */
export interface RecordProfile {
  readonly kind: ItemKind;
  /** The first type whose condition holds is a record's type; without a condition it always holds. */
  readonly when?: { readonly field: FieldPath; readonly equals: string };
  readonly messageId?: FieldPath;
  readonly conversation?: FieldPath;
  readonly sender?: PartyField;
  readonly recipients?: RecipientsField;
  readonly owner?: PartyField;
  readonly sentAt?: TimeField;
  readonly direction?: {
    readonly field: FieldPath;
    readonly values: Readonly<Record<string, 'incoming' | 'outgoing' | 'system'>>;
  };
  /** A text that is not sealed. Not together with `sealed`. */
  readonly body?: FieldPath;
  readonly sealed?: SealedPayload;
  /** Any other way of sealing, step by step. Not together with `sealed` or `body`. */
  readonly recipe?: Recipe;
  /** A counter that goes up by one with each record of a stream (a device, an account). */
  readonly sequence?: {
    readonly field: FieldPath;
    readonly stream: FieldPath;
    /** A time may lie this much before that of the number before it and still be no anomaly. Default 120,000. */
    readonly toleranceMs?: number;
  };
  /** What the dump has and the common model lacks, by the name it gets in the item. */
  readonly fields?: Readonly<Record<string, NamedField>>;
}

/** A table in text. */
interface TableText {
  readonly delimiter: string;
  readonly quote: string;
  /** True: the first row names the columns. */
  readonly header: boolean;
  /** The columns, where the dump has no header. */
  readonly columns?: readonly string[];
}

export type TextEncodingName =
  | 'utf-8'
  | 'utf-16le'
  | 'utf-16be'
  | 'iso-8859-1'
  | `iso-8859-${2 | 5 | 7 | 9 | 15}`
  | `windows-125${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

export type Container =
  | { readonly kind: 'ndjson' }
  | ({ readonly kind: 'csv' } & TableText)
  /** As `csv`, in another encoding than UTF-8; left out: by the byte order mark, else UTF-8 where it is that. */
  | ({ readonly kind: 'table'; readonly encoding?: TextEncodingName } & TableText)
  | {
      readonly kind: 'fixed';
      readonly encoding?: TextEncodingName;
      /** Lines before the first record. */
      readonly skip?: number;
      /** Characters `[from, to)` of a line, blanks at its end cut off. */
      readonly columns: readonly { readonly name: string; readonly from: number; readonly to: number }[];
    }
  /** One JSON text; `records` names the way to the array of records, and is left out where that is the text itself. */
  | { readonly kind: 'json'; readonly records?: readonly string[] }
  /** Each element of that name is a record: children by name, attributes as `@name`, text beside children as `#text`. */
  | { readonly kind: 'xml'; readonly record: string }
  /** A sheet, the first where none is named. Cells are their text as stored, unformatted. */
  | { readonly kind: 'xlsx'; readonly sheet?: string; readonly headerRow?: number }
  /** A table; blobs become hex. */
  | { readonly kind: 'sqlite'; readonly table: string }
  /** The rows of a table in a dump of PostgreSQL (COPY, INSERT) or MySQL. Names in lower case. */
  | { readonly kind: 'sql'; readonly table: string }
  /** Maps one after the other; byte strings become hex. */
  | { readonly kind: 'cbor' }
  | { readonly kind: 'msgpack' };

/** What a dump looks like: everything that steers the envelope decoders, in one declarative file. */
export interface Profile {
  /** 1: AES-256-GCM in NDJSON or CSV. 2: all else besides, and cases of its own, without which it is refused. */
  readonly custodyProfile: 1 | 2;
  readonly name: string;
  readonly title: string;
  /** What is known about the layout and from where; an invented layout says so. */
  readonly basedOn: string;
  readonly platform: string;
  readonly container: Container;
  readonly records: readonly RecordProfile[];
  /** Records that must open, with what must come out. */
  readonly knownAnswers?: readonly ProfileCase[];
  /** Records that somebody altered, with what must be said of them. */
  readonly tampered?: readonly ProfileCase[];
}
