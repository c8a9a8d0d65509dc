import type { Message, Value } from '../schema/read-message.ts';
import type { Field, MessageType } from '../schema/schema.ts';
import type { Twin } from './read-twin.ts';

type Block = Readonly<Record<string, Twin>>;

/** Where what was read differs from what the readable twin of a case says, value by value; `seen` counts the values. */
export function twinDifferences(
  type: MessageType,
  read: Message,
  twin: Block,
): { seen: number; differences: string[] } {
  const comparison = { seen: 0, differences: [] as string[] };
  compareMessage(comparison, type, { read, twin, path: type.name });
  return comparison;
}

interface Comparison {
  seen: number;
  readonly differences: string[];
}

function compareMessage(
  into: Comparison,
  type: MessageType,
  { read, twin, path }: { read: Message; twin: Block; path: string },
): void {
  for (const name of new Set([...Object.keys(twin), ...Object.keys(read)])) {
    const field = type.byName.get(name);
    const [value, shown] = [read[name], twin[name]];
    const place = `${path}.${name}`;
    if (field === undefined) into.differences.push(`${place}: not in the schema`);
    else if (value === undefined) {
      if (!isZero(shown, field)) into.differences.push(`${place}: not read`);
    } else if (shown === undefined) {
      if (!isZero(value, field)) into.differences.push(`${place}: not in the twin`);
    } else compareValue(into, field, { value, shown, place });
  }
}

function compareValue(
  into: Comparison,
  field: Field,
  { value, shown, place }: { value: Value; shown: Twin; place: string },
): void {
  into.seen++;
  if (Array.isArray(shown)) {
    const list = value as readonly Value[];
    if (!Array.isArray(value) || list.length !== shown.length) into.differences.push(`${place}: another length`);
    else
      shown.forEach((one: Twin, i) => {
        compareValue(into, field, { value: list[i] as Value, shown: one, place: `${place}[${i}]` });
      });
    return;
  }
  if (field.message !== null) {
    compareMessage(into, field.message, { read: value as Message, twin: shown as Block, path: place });
    return;
  }
  if (!isSame(value, shown, field)) into.differences.push(`${place}: ${String(value)} for ${String(shown)}`);
}

function isSame(value: Value, shown: Twin, field: Field): boolean {
  if (field.type === 'enumeration') return String(shown).split('.')[1] === value;
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString('hex')}>` === shown;
  if (typeof shown === 'number') return Math.abs(Number(value) - shown) < 1e-6;
  if (typeof shown !== 'bigint') return value === shown;
  // The twins print some unsigned numbers as signed ones.
  const number = BigInt(value as number | bigint);
  return number === shown || BigInt.asIntN(32, number) === shown || BigInt.asIntN(64, number) === shown;
}

/** Twins print some fields that are not there, and leave out some zeros that are. */
function isZero(value: Value | Twin | undefined, field: Field): boolean {
  if (field.type === 'enumeration') return String(value).split('.').at(-1) === field.names[0];
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  return value === '' || value === '<>' || value === 0n || value === 0 || value === false;
}
