import type { Vault } from '@custody/vault';
export class TileBuilder {
  build(_i: unknown): { mentions: Uint8Array } {
    return { mentions: new Uint8Array(0) };
  }
}
export async function storeTile(_v: Vault, _l: string, _p: unknown, _r: string): Promise<readonly string[]> {
  return [];
}
export function verifyTile(_b: Uint8Array, _n: string): void {}
