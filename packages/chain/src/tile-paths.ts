/** Addresses of C2SP tlog-tiles: `tile/LEVEL/N[.p/W]` and `tile/entries/N[.p/W]`, N in groups of three digits. */
import { formatError, usageError } from './errors.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

export interface TileAddress {
  /** Tree level 0, 1, 2 … (each covers 8 tree levels), or the entry bundles. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

const PATH = /^tile\/(entries|0|[1-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;
const LEVEL_MAX = 63;

/** The path of a tile. Throws a UsageError for an address that no tile has. */
export function tilePath({ level, index, width }: TileAddress): string {
  const isLevel = level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= LEVEL_MAX);
  if (!isLevel || !Number.isSafeInteger(index) || index < 0)
    throw usageError(`there is no tile ${index} on level ${level}`);
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH)
    throw usageError(`a tile is 1 to 256 wide, not ${width}`);
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The address a path stands for; there is exactly one path for each. Throws TILE_PATH_MALFORMED. */
export function readTilePath(path: string): TileAddress {
  const match = PATH.exec(path);
  if (match === null) throw malformed(path);
  const [, level, groups, partial] = match;
  const index = Number((groups as string).replace(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const address: TileAddress = { level: level === 'entries' ? level : Number(level), index, width };
  // One address, one path: no leading groups of zeros, no index over 2^53, no partial tile 256 wide.
  if (!Number.isSafeInteger(index) || width > TILE_WIDTH || tilePath(address) !== path) throw malformed(path);
  return address;
}

function malformed(path: string): Error {
  return formatError('TILE_PATH_MALFORMED', `this is not the path of a tile: ${JSON.stringify(path.slice(0, 80))}`);
}
