import { utf8Decode } from '@custody/bytes';
import type { CaptureFile } from '../../format.ts';
import { isZone } from '../../local-time.ts';
import { DATE_ORDERS, type DateOrder } from './date-order.ts';

/** What somebody who knows it declares about an export: `export.json`, or `NAME.export.json`, beside it. */
export interface Declared {
  readonly owner: string | null;
  readonly dateOrder: DateOrder | null;
  readonly zone: string | null;
  /** What is wrong with the declaration; it is not used then. */
  readonly mistakes: readonly string[];
}

export const NOTHING_DECLARED: Declared = { owner: null, dateOrder: null, zone: null, mistakes: [] };
const LONGEST = 64 * 1024;
const KNOWN = ['custodyExport', 'owner', 'dateOrder', 'zone'];

export function readDeclared(file: CaptureFile): Declared {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  const source = file.beside?.(`${base}.export.json`) ?? file.beside?.('export.json') ?? null;
  if (source === null) return NOTHING_DECLARED;
  if (source.length > LONGEST) return { ...NOTHING_DECLARED, mistakes: [`longer than ${LONGEST} bytes`] };
  let value: unknown;
  try {
    value = JSON.parse(utf8Decode(source.read(0, source.length)));
  } catch {
    return { ...NOTHING_DECLARED, mistakes: ['no JSON text in UTF-8'] };
  }
  return checked(value);
}

function checked(value: unknown): Declared {
  if (typeof value !== 'object' || value === null || !('custodyExport' in value)) {
    return { ...NOTHING_DECLARED, mistakes: ['no object with "custodyExport": 1'] };
  }
  const { owner, dateOrder, zone } = value as Readonly<Record<string, unknown>>;
  const mistakes = Object.keys(value).flatMap((name) =>
    KNOWN.includes(name) ? [] : [`"${name.slice(0, 40)}" is not known`],
  );
  if (value.custodyExport !== 1) mistakes.push('"custodyExport" must be 1');
  const order = DATE_ORDERS.find((one) => one === dateOrder) ?? null;
  if (dateOrder !== undefined && order === null) mistakes.push(`"dateOrder" must be one of ${DATE_ORDERS.join(', ')}`);
  const isName = typeof owner === 'string' && owner !== '';
  if (owner !== undefined && !isName) mistakes.push('"owner" must be the name of the owner as the export has it');
  const isGoodZone = typeof zone === 'string' && isZone(zone);
  if (zone !== undefined && !isGoodZone)
    mistakes.push('"zone" must be UTC, an offset such as +02:00, or a name such as Europe/Amsterdam');
  if (mistakes.length > 0) return { ...NOTHING_DECLARED, mistakes };
  return { owner: isName ? owner : null, dateOrder: order, zone: isGoodZone ? zone : null, mistakes: [] };
}
