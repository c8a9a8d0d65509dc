import { createHmac } from 'node:crypto';
import { hexEncode } from '@custody/bytes';

const LABEL = 'Signal_ZKGroup_20200424_GroupMasterKey_GroupSecretParams_DeriveFromMasterKey';

/**
 * The id of a group as other Signal databases name it, from its master key: the first 32 bytes of the group's secret
 * parameters (zkgroup's stateful hash over HMAC-SHA256). The key itself is a live credential and stays unshown.
 */
export function groupIdOf(masterKey: Uint8Array): string {
  const labelled = hmac(new Uint8Array(32), Buffer.from(LABEL, 'ascii'), Uint8Array.of(0));
  const keyed = hmac(labelled, masterKey, Uint8Array.of(0));
  return `__signal_group__v2__!${hexEncode(hmac(keyed, new Uint8Array(8), Uint8Array.of(1)))}`;
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
