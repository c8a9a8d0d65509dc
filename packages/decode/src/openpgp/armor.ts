/** One armoured block in a text. */
export interface ArmorBlock {
  /** `MESSAGE`, `PRIVATE KEY BLOCK`, `SIGNATURE` … */
  readonly kind: string;
  readonly headers: readonly string[];
  readonly bytes: Uint8Array;
  /** null: there is none, which newer writers may leave out. */
  readonly checksumFits: boolean | null;
  /** Place in the text. */
  readonly start: number;
  readonly end: number;
  /** False where the end line is missing. */
  readonly whole: boolean;
}

const BEGIN = /^(?:- )?-----BEGIN PGP ([A-Z0-9 ,/]+)-----[ \t]*$/gm;

/** The armoured blocks of a text, in order (RFC 9580 section 6). */
export function readArmor(text: string): ArmorBlock[] {
  const blocks: ArmorBlock[] = [];
  BEGIN.lastIndex = 0;
  for (let found = BEGIN.exec(text); found !== null; found = BEGIN.exec(text)) {
    const kind = found[1] as string;
    if (kind === 'SIGNED MESSAGE') continue;
    const start = found.index;
    const line = `-----END PGP ${kind}-----`;
    const close = text.indexOf(line, BEGIN.lastIndex);
    const inside = text.slice(BEGIN.lastIndex, close < 0 ? text.length : close);
    blocks.push({
      kind,
      start,
      end: close < 0 ? text.length : close + line.length,
      whole: close >= 0,
      ...readInside(inside),
    });
    if (close >= 0) BEGIN.lastIndex = close + line.length;
  }
  return blocks;
}

/** Headers end at the first empty line; some writers have none and begin at once. */
function readInside(inside: string): Pick<ArmorBlock, 'headers' | 'bytes' | 'checksumFits'> {
  const lines = inside.split('\n').map((line) => line.trim());
  if (lines[0] === '') lines.shift();
  const headers: string[] = [];
  while (lines.length > 0 && /^[A-Za-z][\w-]*: /.test(lines[0] as string)) headers.push(lines.shift() as string);
  while (lines[0] === '') lines.shift();
  let sum: string | null = null;
  const digits: string[] = [];
  for (const line of lines) {
    if (line.startsWith('=') && line.length === 5) sum = line.slice(1);
    else digits.push(line);
  }
  // RFC 4880 dash escaping, as in blocks inside signed text.
  const bytes = Buffer.from(digits.join('').replace(/^- /gm, ''), 'base64');
  const checksumFits = sum === null ? null : Buffer.from(sum, 'base64').readUIntBE(0, 3) === crc24(bytes);
  return { headers, bytes, checksumFits };
}

/** RFC 9580 section 6.1. */
function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}
