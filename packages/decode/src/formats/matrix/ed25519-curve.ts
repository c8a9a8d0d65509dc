/** The field and curve of Ed25519 (RFC 8032, section 5.1), as far as the tables of a public key need them. */

export const P: bigint = 2n ** 255n - 19n;
/** Order of the base point. */
export const L: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;
const D: bigint = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);
export const TWICE_D: bigint = mod(2n * D);

export interface CurvePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** The base point (RFC 8032, section 5.1). */
export const BASE: CurvePoint = pointAt(mod(4n * inverse(5n)), 0n) as CurvePoint;

/** A public key as a point; null where its bytes are none, or not the one way to write it. */
export function readPoint(bytes: Uint8Array): CurvePoint | null {
  const number = fromLittleEndian(bytes);
  return pointAt(number & (2n ** 255n - 1n), number >> 255n);
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

export function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** RFC 8032, section 5.1.3. */
function pointAt(y: bigint, sign: bigint): CurvePoint | null {
  if (y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  const v3 = mod(mod(v * v) * v);
  const v7 = mod(mod(v3 * v3) * v);
  let x = mod(mod(u * v3) * power(u * v7, (P - 5n) / 8n));
  if (mod(v * x * x) !== u) {
    if (mod(v * x * x) !== mod(-u)) return null;
    x = mod(x * ROOT_OF_MINUS_1);
  }
  if (x === 0n && sign === 1n) return null;
  return { x: (x & 1n) === sign ? x : P - x, y };
}

/** Whether eight times a point is the neutral one, so that it can be nobody's public key. */
export function isSmallOrder(point: CurvePoint): boolean {
  let [x, y, z] = [point.x, point.y, 1n];
  for (let i = 0; i < 3; i++) {
    // Doubling in projective coordinates (Bernstein and others, 2008, for a = -1).
    const [both, xx, yy] = [mod((x + y) * (x + y)), mod(x * x), mod(y * y)];
    const f = yy - xx;
    const j = f - 2n * mod(z * z);
    [x, y, z] = [mod((both - xx - yy) * j), mod(f * (-xx - yy)), mod(f * j)];
  }
  return x === 0n;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
