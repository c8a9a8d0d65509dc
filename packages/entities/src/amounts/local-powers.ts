import type { Scan } from '../scan.ts';
import type { Surroundings } from './surroundings.ts';

const LAKH = 0x4c;
const CAPITAL_B = 0x42;
const TEN_THOUSAND = 0x77;
const SMALL_L = 0x6c;
const SMALL_M = 0x6d;
const SMALL_I = 0x69;
/** First byte of kana, ideographs and Hangul in UTF-8. */
const FIRST_IDEOGRAPHIC = 0xe3;
/** Last byte of the sign of the rupee. */
const RUPEE = 0xb9;

/** Swedes shorten `tusen` to `tn`, Turks `bin` to `B`, where others mean a trillion and a billion. */
const THOUSAND = 3;

/** The power of ten of the word read last, which two countries use for another than the rest. */
export function localExponent(scan: Scan, { after }: Surroundings, exponent: number): number {
  const length = after.end - after.start;
  if (length === 1 && exponent === 9 && scan.at(after.start) === CAPITAL_B)
    return scan.region === 'TR' || scan.language() === 'tr' ? THOUSAND : exponent;
  if (length !== 2 || exponent !== 12) return exponent;
  return scan.region === 'SE' || scan.language() === 'sv' ? THOUSAND : exponent;
}

/**
 * Whether a power so short that it is mostly something else is one here: `₹2.5L` of India (a litre elsewhere), `5w块` of
 * China (a watt), `R$ 35 mi` of Brazil (miles, and `me`). True for every other.
 */
export function isLocalPower(scan: Scan, { after, number }: Surroundings): boolean {
  const { start, end } = after;
  const first = scan.at(start) | 32;
  if (end - start === 1) {
    if (first === SMALL_L) return scan.at(start) === LAKH && start === number.end && isInIndia(scan, number.start);
    return first !== TEN_THOUSAND || (start === number.end && scan.at(end) >= FIRST_IDEOGRAPHIC);
  }
  if (end - start !== 2 || first !== SMALL_M || (scan.at(start + 1) | 32) !== SMALL_I) return true;
  return scan.region === 'BR' || scan.region === 'PT' || scan.language() === 'pt';
}

function isInIndia(scan: Scan, at: number): boolean {
  if (scan.region === 'IN') return true;
  const sign = scan.at(at - 1) === 0x20 ? at - 2 : at - 1;
  return scan.at(sign) === RUPEE && scan.at(sign - 1) === 0x82 && scan.at(sign - 2) === 0xe2;
}
