/** What the byte before or behind a run is: enough to tell that most rules find nothing there. */
export type Side = number;
/** Any other byte, or none. */
export const SIDE_OTHER: Side = 0;
export const SIDE_SPACE: Side = 1;
export const SIDE_DOT: Side = 2;
export const SIDE_HYPHEN: Side = 3;
export const SIDE_SLASH: Side = 4;
export const SIDE_COMMA: Side = 5;
export const SIDE_COLON: Side = 6;
/** A byte of a character beyond ASCII. */
export const SIDE_HIGH: Side = 7;
export const SIDE_BITS = 3;

function sides(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(SIDE_HIGH, 0x80);
  for (const [sign, side] of [
    [' ', SIDE_SPACE],
    ['.', SIDE_DOT],
    ['-', SIDE_HYPHEN],
    ['/', SIDE_SLASH],
    [',', SIDE_COMMA],
    [':', SIDE_COLON],
  ] as const)
    table[sign.charCodeAt(0)] = side;
  return table;
}

/** The side each byte is. */
export const sideOf: Uint8Array = sides();
