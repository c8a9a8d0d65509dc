import { UsageError } from '@custody/bytes';
import { isAuthorityTime } from './authority-time.ts';
import { compileOnce } from './compile-once.ts';
import type { EvidenceErrorCode } from './errors.ts';
import { explainMistake } from './schema-mistakes.ts';

/** `derived`: what custody made of the capture. `original`: the sealed capture, too. */
export const expungementModes = ['derived', 'original'] as const;
export type ExpungementMode = (typeof expungementModes)[number];

/** An order of a court or prosecutor to destroy content, as its file states it. */
export interface ExpungementOrder {
  readonly id: string;
  readonly reference: string;
  readonly issuedBy: string;
  readonly reason: string;
  readonly mode?: ExpungementMode;
  readonly issuedAt?: string;
  readonly jurisdiction?: string;
  readonly legalBasis?: string;
  readonly document?: { readonly sha256: string };
  /** LeafIndex numbers, or ranges as `5-9`. */
  readonly items?: readonly (number | string)[];
  /** SHA-256 of captures of which everything is concerned. */
  readonly captures?: readonly string[];
  /** Numbers of log entries, or ranges: what persons typed there goes, the events stay. */
  readonly events?: readonly (number | string)[];
  /** Terms of `custody query`; finds only what is in scope. */
  readonly selection?: Readonly<Record<string, string>>;
}

const text = { type: 'string', minLength: 1, maxLength: 2000 } as const;
const selectionKeys = ['type', 'value', 'prefix', 'from', 'to', 'text', 'party', 'min', 'max'];

/** Numbers and ranges. */
const numbers = {
  type: 'array',
  minItems: 1,
  maxItems: 1_000_000,
  items: {
    type: ['integer', 'string'],
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    pattern: '^\\d{1,15}(-\\d{1,15})?$',
  },
} as const;

/** JSON Schema (2020-12) of an order file. Unknown keys are mistakes: what is destroyed does not come back. */
export const expungementOrderSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['id', 'reference', 'issuedBy', 'reason'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,199}$' },
    reference: text,
    issuedBy: text,
    reason: text,
    mode: { enum: expungementModes },
    issuedAt: { type: 'string', format: 'custody-time' },
    jurisdiction: text,
    legalBasis: text,
    document: {
      type: 'object',
      required: ['sha256'],
      additionalProperties: false,
      properties: { sha256: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' } },
    },
    items: numbers,
    events: numbers,
    captures: { type: 'array', minItems: 1, maxItems: 10_000, items: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' } },
    selection: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(selectionKeys.map((key) => [key, text])),
    },
  },
};

const formats = { 'custody-time': isAuthorityTime };
const validator = compileOnce<ExpungementOrder>(expungementOrderSchema, formats, { allowUnionTypes: true });

/** Ranges of an order may name this many items in all; a whole capture is named by its hash. */
const MOST_ITEMS = 10_000_000;

/**
 * Checks a parsed order file.
 * @throws UsageError ORDER_INVALID that lists every mistake, each with its path.
 */
export function readExpungementOrder(value: unknown): ExpungementOrder {
  const validate = validator();
  const mistakes = validate(value) ? moreMistakes(value) : (validate.errors ?? []).map(explainMistake);
  if (mistakes.length > 0) {
    throw new UsageError<EvidenceErrorCode>(
      'ORDER_INVALID',
      `the order has ${mistakes.length} mistake(s):\n  ${mistakes.join('\n  ')}`,
      { detail: { mistakes } },
    );
  }
  return value as ExpungementOrder;
}

function moreMistakes(order: ExpungementOrder): string[] {
  const out: string[] = [];
  const { items, captures, selection, events } = order;
  if (items === undefined && captures === undefined && selection === undefined && events === undefined)
    out.push('/: one of "items", "captures", "selection", "events" must say what is to be destroyed');
  for (const [key, list] of Object.entries({ items, events })) {
    let named = 0;
    for (const [i, item] of (list ?? []).entries()) {
      const [first, last] = rangeOf(item);
      if (last < first) out.push(`/${key}/${i}: the range runs backwards`);
      named += Math.max(0, last - first + 1);
    }
    if (named > MOST_ITEMS) out.push(`/${key}: ${named} ${key}; name whole captures under "captures"`);
  }
  return out;
}

/** LeafIndex of every item that an order names by number, ascending and distinct. */
export function orderedItems(order: ExpungementOrder): number[] {
  return numbersOf(order.items);
}

/** Number of every log entry that an order names, ascending and distinct. */
export function orderedEvents(order: ExpungementOrder): number[] {
  return numbersOf(order.events);
}

function numbersOf(list: ExpungementOrder['items'] = []): number[] {
  const all = new Set<number>();
  for (const item of list) {
    const [first, last] = rangeOf(item);
    for (let index = first; index <= last; index++) all.add(index);
  }
  return [...all].sort((a, b) => a - b);
}

function rangeOf(item: number | string): [number, number] {
  if (typeof item === 'number') return [item, item];
  const [first, last] = item.split('-').map(Number) as [number, number | undefined];
  return [first, last ?? first];
}
