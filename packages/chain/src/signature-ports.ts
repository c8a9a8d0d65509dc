/** Ed25519 (RFC 8032), handed in by callers: node:crypto on the server, @noble/curves in a browser. */

/** A private key that signs and tells its public half. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 signature over `message`, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** Whether `signature` (64 bytes) over `message` is by `publicKey` (32 bytes). An exception counts as no. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export const PUBLIC_KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

/** Asks the port. Whoever wrote the key and the signature controls every byte of both, and some libraries throw at them. */
export function isSignedBy(
  publicKey: Uint8Array,
  signed: { readonly message: Uint8Array; readonly signature: Uint8Array },
  verify: VerifySignature,
): boolean {
  if (publicKey.length !== PUBLIC_KEY_LENGTH || signed.signature.length !== SIGNATURE_LENGTH) return false;
  try {
    return verify(publicKey, signed.message, signed.signature);
  } catch {
    return false;
  }
}
