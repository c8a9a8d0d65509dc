const scratch = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary16 bits of `value`, or -1 where binary16 cannot hold it exactly. `value` must not be NaN. */
export function float16Bits(value: number): number {
  if (Math.fround(value) !== value) return -1;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return sign | 0x7c00;
  if (exponent === -127) return fraction === 0 ? sign : -1;
  if (exponent > 15 || exponent < -24) return -1;
  if (exponent >= -14) return (fraction & 0x1fff) === 0 ? sign | ((exponent + 15) << 10) | (fraction >>> 13) : -1;
  // Subnormal: the unit is 2^-24, so the 24-bit significand moves right by what the exponent lacks.
  const shift = -exponent - 1;
  const significand = fraction | 0x800000;
  return (significand & ((1 << shift) - 1)) === 0 ? sign | (significand >>> shift) : -1;
}

/** The number that binary16 `bits` stand for (RFC 8949 appendix D). */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
