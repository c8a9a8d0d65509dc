import type { Vault } from '@custody/vault';

export interface TilePlain {
  readonly mentions: Uint8Array;
}

export class TileBuilder {
  readonly region: string | null;
  constructor(options: { region?: string | null }) {
    this.region = options.region ?? null;
  }
  build(_input: unknown): TilePlain {
    return { mentions: new Uint8Array(0) };
  }
}

export async function storeTile(_v: Vault, _label: string, _plain: TilePlain, _to: string): Promise<'stored' | 'exists'> {
  return 'stored';
}

export function verifyTile(_bytes: Uint8Array, _name: string): void {}
