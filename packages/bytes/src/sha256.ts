/** SHA-256 (FIPS 180-4) and its HMAC: node:crypto under Node, @noble/hashes elsewhere (package.json, `imports`). */
export { createSha256, hmacSha256, ONE_SHOT_FROM, sha256, sha256Hex, sha256Into } from '#sha256';
