import { base58Check, bitcoinBase58, rippleBase58 } from '../checks/base58.ts';
import { MIXED, type RunRule } from '../rule.ts';
import { type EntityTypeId, knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const XRP = knownType('xrp');
const COIN = knownType('coin');
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
/** A hash of 20 bytes behind one to three version bytes. */
const PAYLOAD = 20;
const MOST_VERSION_BYTES = 3;

/** Addresses in base58check: Bitcoin and what descends from it, Tron, Tezos, and the XRP Ledger's alphabet. */
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

/** The checksum says that it is an address; a version that is not in the table says only that it is another coin's. */
function typeOf(body: Uint8Array): EntityTypeId | undefined {
  const size = body.length - PAYLOAD;
  if (size < 1 || size > MOST_VERSION_BYTES) return undefined;
  let version = 0;
  for (let i = 0; i < size; i++) version = version * 256 + (body[i] as number);
  return (size < 3 ? versions.get(version) : undefined) ?? COIN;
}
