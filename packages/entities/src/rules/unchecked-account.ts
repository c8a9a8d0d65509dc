import { byteClass, HEX, isAlnum, isDigit, lowerByte } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_DOT } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const APT = knownType('apt');
const HBAR = knownType('hbar');
const EOS = knownType('eos');
const LETTER_X = 0x78;
const MOVE_LENGTH = 66;
const EOS_LENGTH = 12;
const DOT = 0x2e;
/** A transaction's hash and a private key look the same. */
const OTHER_HEX = ['tx', 'txid', 'hash', 'txhash', 'transaction', 'transactie', 'block', 'key', 'private', 'sha'];
const HEDERA_CUES = ['hbar', 'hedera', 'hashgraph'];
const EOS_CUES = ['eos', 'eosio', 'wax', 'telos'];

/** Accounts of chains of the Move language (Aptos, Sui): 0x and 32 bytes in hex, in one case. */
export const moveAccount: RunRule = {
  shapes: MIXED,
  minLength: MOVE_LENGTH,
  maxLength: MOVE_LENGTH,
  match(scan) {
    const { runStart, runEnd } = scan;
    if (scan.at(runStart) !== 0x30 || lowerByte(scan.at(runStart + 1)) !== LETTER_X || scan.at(runStart - 1) === 0x2f)
      return;
    for (let i = runStart + 2; i < runEnd; i++) if (((byteClass[scan.at(i)] as number) & HEX) === 0) return;
    if (scan.cueBefore(runStart, OTHER_HEX)) return;
    scan.found.begin();
    for (let i = runStart; i < runEnd; i++) scan.found.put(lowerByte(scan.at(i)));
    scan.found.report(APT, TIER_SHAPE, runStart, runEnd);
  },
};

/** Hedera accounts, shard.realm.number: after a word that names one, or alone in a message. Elsewhere they are versions. */
export const hedera: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: 3,
  mayStand({ after }) {
    return after === SIDE_DOT;
  },
  match(scan) {
    const at = scan.runStart;
    if (scan.at(scan.runEnd) !== DOT || isAlnum(scan.at(at - 1)) || scan.at(at - 1) === DOT) return;
    const second = digitsEnd(scan, scan.runEnd + 1, 4);
    if (second < 0 || scan.at(second) !== DOT) return;
    const end = digitsEnd(scan, second + 1, 10);
    if (
      end < 0 ||
      isAlnum(scan.at(end)) ||
      scan.at(end) === 0x2d ||
      (scan.at(end) === DOT && isAlnum(scan.at(end + 1)))
    )
      return;
    const isNamed = scan.cueBefore(at, HEDERA_CUES);
    const isMain =
      end - at > 4 && scan.at(at) === 0x30 && scan.runEnd - at === 1 && scan.at(at + 2) === 0x30 && second - at === 3;
    // 1.234.567 is a number.
    const isGrouped = second - scan.runEnd === 4 && end - second === 4;
    const isAlone =
      !isGrouped &&
      at === scan.start &&
      end === scan.end &&
      (isMain || (end - second > 3 && !isDate(scan, second + 1, end)));
    if (!isNamed && !isAlone) return;
    scan.found.begin();
    scan.found.putRange(scan.bytes, at, end);
    scan.found.report(HBAR, isNamed ? TIER_CONTEXT : TIER_SHAPE, at, end);
  },
};

/** 12.05.2024. */
function isDate(scan: Scan, year: number, end: number): boolean {
  const century = (scan.at(year) - 0x30) * 10 + scan.at(year + 1) - 0x30;
  return end - year === 4 && (century === 19 || century === 20);
}

function digitsEnd(scan: Scan, from: number, most: number): number {
  let i = from;
  while (isDigit(scan.at(i)) && i - from <= most) i++;
  return i === from || i - from > most ? -1 : i;
}

/** EOS account names with a digit, after a word that names the chain, or alone in a message: any other is a word. */
export const eos: RunRule = {
  shapes: MIXED,
  minLength: EOS_LENGTH,
  maxLength: EOS_LENGTH,
  match(scan) {
    const isAlone = scan.runStart === scan.start && scan.runEnd === scan.end;
    let letters = 0;
    for (let i = scan.runStart; i < scan.runEnd; i++) {
      const byte = scan.at(i);
      if (byte >= 0x61 && byte <= 0x7a) letters++;
      else if (byte < 0x31 || byte > 0x35) return;
    }
    if (letters === 0 || (!isAlone && !scan.cueBefore(scan.runStart, EOS_CUES))) return;
    scan.found.begin();
    scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
    scan.found.report(EOS, isAlone ? TIER_SHAPE : TIER_CONTEXT, scan.runStart, scan.runEnd);
  },
};
