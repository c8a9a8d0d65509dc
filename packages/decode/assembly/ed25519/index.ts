/**
 * S * B + h * (-A) for Ed25519 (RFC 8032, 5.1.7) with tables of multiples of B and of public keys that verify many signatures: no
 * doubling is left, and one signature costs a third of what it costs without. Memory has a fixed size.
 */
import { SIZE, invert, multiply, toBytes } from './field';
import { POINT, addTerm, makeTerm, setNeutral, twiceD } from './point';

export { twiceD };

/** Public keys with tables at one time. */
export const MOST_KEYS: i32 = 48;

const BASE_WINDOWS: i32 = 32;
const BASE_ENTRIES: i32 = 128;
const KEY_WINDOWS: i32 = 64;
const KEY_ENTRIES: i32 = 8;
const baseTable: usize = memory.data(32 * 128 * 160, 16);
const keyTables: usize = memory.data(48 * 64 * 8 * 160, 16);

/** A point to make tables of. */
export const point: usize = memory.data(160, 16);
/** S and h, 32 bytes each, little end first. */
export const scalarS: usize = memory.data(32, 16);
export const scalarH: usize = memory.data(32, 16);
/** The encoded result. */
export const encoded: usize = memory.data(32, 16);

const sum: usize = memory.data(160, 16);
const term: usize = memory.data(160, 16);
const inverse: usize = memory.data(48, 16);
const x: usize = memory.data(48, 16);
const xBytes: usize = memory.data(32, 16);

/** Entry n - 1 of window w is n * base^w times the point. */
function fill(table: usize, windows: i32, entries: i32): void {
  memory.copy(sum, point, POINT);
  let at = table;
  for (let window = 0; window < windows; window++) {
    makeTerm(term, sum);
    memory.copy(at, term, POINT);
    at += POINT;
    for (let n = 1; n < entries; n++) {
      addTerm(sum, sum, term, false);
      makeTerm(at, sum);
      at += POINT;
    }
    // entries = base / 2, so that twice the last entry begins the next window.
    addTerm(sum, sum, at - POINT, false);
  }
}

export function fillBase(): void {
  fill(baseTable, BASE_WINDOWS, BASE_ENTRIES);
}

export function fillKey(key: i32): void {
  fill(keyTables + <usize>(key * KEY_WINDOWS * KEY_ENTRIES) * POINT, KEY_WINDOWS, KEY_ENTRIES);
}

// @ts-ignore: decorator
@inline
function addDigit(table: usize, digit: i32): void {
  if (digit > 0) addTerm(sum, sum, table + <usize>(digit - 1) * POINT, false);
  else if (digit < 0) addTerm(sum, sum, table + <usize>(-digit - 1) * POINT, true);
}

/** Digits from -8 to 8, the carry to the next. */
function addKey(key: i32): void {
  let table = keyTables + <usize>(key * KEY_WINDOWS * KEY_ENTRIES) * POINT;
  let carry = 0;
  for (let i = 0; i < KEY_WINDOWS; i++) {
    let digit = ((<i32>load<u8>(scalarH + (i >> 1)) >> ((i & 1) << 2)) & 15) + carry;
    carry = digit > 8 ? 1 : 0;
    digit -= carry << 4;
    addDigit(table, digit);
    table += <usize>KEY_ENTRIES * POINT;
  }
}

/** Digits from -128 to 128. */
function addBase(): void {
  let table = baseTable;
  let carry = 0;
  for (let i = 0; i < BASE_WINDOWS; i++) {
    let digit = <i32>load<u8>(scalarS + i) + carry;
    carry = digit > 128 ? 1 : 0;
    digit -= carry << 8;
    addDigit(table, digit);
    table += <usize>BASE_ENTRIES * POINT;
  }
}

/** Encodes S * B + h * P, P being the point that the tables of `key` are of. Both scalars are below 2^253. */
export function combine(key: i32): void {
  setNeutral(sum);
  addKey(key);
  addBase();
  invert(inverse, sum + 2 * SIZE);
  multiply(x, sum, inverse);
  toBytes(xBytes, x);
  multiply(x, sum + SIZE, inverse);
  toBytes(encoded, x);
  store<u8>(encoded, load<u8>(encoded, 31) | ((load<u8>(xBytes) & 1) << 7), 31);
}
