import { EARLIER_PREFIXES } from '@custody/search';
import type { Vault } from '@custody/vault';

/** Objects with content that indexes of earlier versions left: derived, and read by nobody any more. */
export async function earlierIndexObjects(vault: Vault): Promise<string[]> {
  const out: string[] = [];
  for (const prefix of EARLIER_PREFIXES) {
    for await (const { name, length } of vault.list(prefix)) if (length > 0) out.push(name);
  }
  return out;
}
