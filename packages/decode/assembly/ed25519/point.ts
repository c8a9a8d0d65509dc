/**
 * Points of the Ed25519 curve in extended coordinates X, Y, Z, T (Hisil and others, 2008), four numbers one after the other; as a
 * term of a sum: Y + X, Y - X, 2Z, 2dT. The formula adds any two points, equal ones too.
 */
import { SIZE, add, copy, multiply, subtract } from './field';

export const POINT: usize = 4 * SIZE;
const X: usize = 0;
const Y: usize = SIZE;
const Z: usize = 2 * SIZE;
const T: usize = 3 * SIZE;

/** 2d, filled in by the caller. */
export const twiceD: usize = memory.data(40, 16);
const a: usize = memory.data(48, 16);
const b: usize = memory.data(48, 16);
const c: usize = memory.data(48, 16);
const d: usize = memory.data(48, 16);

export function setNeutral(point: usize): void {
  memory.fill(point, 0, POINT);
  store<i32>(point + Y, 1);
  store<i32>(point + Z, 1);
}

/** `term` is `point` in the form in which it is added. */
export function makeTerm(term: usize, point: usize): void {
  add(term, point + Y, point + X);
  subtract(term + Y, point + Y, point + X);
  add(term + Z, point + Z, point + Z);
  multiply(term + T, point + T, twiceD);
}

/** sum = point + term, or point - term. */
export function addTerm(sum: usize, point: usize, term: usize, isNegative: bool): void {
  subtract(a, point + Y, point + X);
  add(b, point + Y, point + X);
  multiply(a, a, isNegative ? term : term + Y);
  multiply(b, b, isNegative ? term + Y : term);
  multiply(c, term + T, point + T);
  multiply(d, term + Z, point + Z);
  if (isNegative) {
    add(sum + X, d, c);
    subtract(sum + Y, d, c);
  } else {
    subtract(sum + X, d, c);
    add(sum + Y, d, c);
  }
  // E = B - A, F, G, H = B + A: X = EF, Y = GH, Z = FG, T = EH.
  subtract(c, b, a);
  add(d, b, a);
  copy(a, sum + X);
  copy(b, sum + Y);
  multiply(sum + X, c, a);
  multiply(sum + Y, b, d);
  multiply(sum + Z, a, b);
  multiply(sum + T, c, d);
}
