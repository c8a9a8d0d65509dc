import { base58Check, bitcoinBase58, rippleBase58 } from '../checks/base58.ts';
import { MIXED, type RunRule } from '../rule.ts';
import { type EntityTypeId, knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const XRP = knownType('xrp');
/** Version bytes, main and test networks, from each project's chain parameters. Where coins share one, the largest. */
const versions: ReadonlyMap<number, EntityTypeId> = new Map(
  (
    [
      ['btc', [0x00, 0x05, 0x6f, 0xc4]],
      ['ltc', [0x30, 0x32, 0x3a]],
      ['doge', [0x1e, 0x16, 0x71]],
      ['dash', [0x4c, 0x10, 0x8c, 0x13]],
      ['trx', [0x41]],
      ['zec', [0x1cb8, 0x1cbd, 0x1d25, 0x1cba]],
    ] as const
  ).flatMap(([type, bytes]) => bytes.map((byte): [number, EntityTypeId] => [byte, knownType(type)])),
);
/** A hash of 20 bytes behind one or two version bytes. */
const PAYLOAD = 20;

/** Addresses in base58check: Bitcoin, Litecoin, Dogecoin, Dash, Tron, Zcash, and the XRP Ledger's alphabet. */
export const base58Address: RunRule = {
  shapes: MIXED,
  minLength: 26,
  maxLength: 36,
  match(scan) {
    const { bytes, runStart, runEnd } = scan;
    const isRipple = bytes[runStart] === 0x72;
    const body = base58Check(bytes, runStart, runEnd, isRipple ? rippleBase58 : bitcoinBase58);
    if (body === null) return;
    const type = isRipple ? (body.length === PAYLOAD + 1 && body[0] === 0 ? XRP : undefined) : typeOf(body);
    if (type === undefined) return;
    scan.found.begin();
    scan.found.putRange(bytes, runStart, runEnd);
    scan.found.report(type, TIER_CHECKSUM, runStart, runEnd);
  },
};

function typeOf(body: Uint8Array): EntityTypeId | undefined {
  if (body.length === PAYLOAD + 1) return versions.get(body[0] as number);
  if (body.length === PAYLOAD + 2) return versions.get(((body[0] as number) << 8) | (body[1] as number));
  return undefined;
}
