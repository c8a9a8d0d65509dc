/** The field prime of Curve25519, 2^255 - 19 (RFC 8032 5.1). */
const P = (1n << 255n) - 19n;
/** A y-coordinate of the four points of order 8; the other is its negative (hdevalence, "It's 255:19AM", table 1). */
const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const LOW_ORDER = new Set([0n, 1n, P - 1n, ORDER_8, P - ORDER_8]);

/**
 * Whether an Ed25519 public key is one that no honest key generation makes: a point of low order, for which signatures
 * can be made that fit any message, or a y-coordinate of p or more, which RFC 8032 5.1.3 says not to decode. Ask before a
 * key is enrolled: libraries differ in what they accept afterwards. (Points with a low-order component besides a large
 * one take curve arithmetic to find: `isTorsionFree` of @noble/curves.)
 */
export function isWeakPublicKey(publicKey: Uint8Array): boolean {
  let y = 0n;
  for (let i = publicKey.length - 1; i >= 0; i--) y = (y << 8n) | BigInt(publicKey[i] as number);
  // The top bit is the sign of x, not part of y.
  y &= (1n << 255n) - 1n;
  return y >= P || LOW_ORDER.has(y);
}
