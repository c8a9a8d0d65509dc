/** Every way in which a secret's bytes are commonly written, as bytes to search for. */
export function encodingsOf(secret: string | Uint8Array): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(secret as Uint8Array);
  const found = new Map<string, Buffer>([
    ['raw', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ['url', Buffer.from([...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''))],
    ['url in small letters', Buffer.from([...bytes].map((byte) => `%${hexOf(byte)}`).join(''))],
    ['hex with colons', Buffer.from([...bytes].map(hexOf).join(':'))],
    ['hex with spaces', Buffer.from([...bytes].map(hexOf).join(' '))],
    ['decimal, as JSON lists bytes', Buffer.from([...bytes].join(','))],
    ['reversed', Buffer.from(bytes).reverse()],
  ]);
  for (let offset = 0; offset < 5; offset++) found.set(`base32 at ${offset}`, Buffer.from(base32Within(bytes, offset)));
  for (let offset = 0; offset < 3; offset++) {
    found.set(`base64 at ${offset}`, base64Within(bytes, offset));
    const url = base64Within(bytes, offset).toString().replaceAll('+', '-').replaceAll('/', '_');
    found.set(`base64url at ${offset}`, Buffer.from(url));
  }
  if (typeof secret === 'string') {
    const wide = Buffer.from(secret, 'utf16le');
    found.set('utf-16le', wide);
    found.set('utf-16be', Buffer.from(wide).swap16());
    found.set('utf-16le in hex', Buffer.from(Buffer.from(secret, 'utf16le').toString('hex')));
    for (let offset = 0; offset < 3; offset++)
      found.set(`utf-16le in base64 at ${offset}`, base64Within(Buffer.from(secret, 'utf16le'), offset));
    found.set('html', Buffer.from([...secret].map((char) => `&#${char.codePointAt(0)};`).join('')));
    found.set('json', Buffer.from(JSON.stringify(secret).slice(1, -1)));
    found.set('json, ASCII only', Buffer.from(asciiJson(secret)));
    found.set('uri component', Buffer.from(encodeURIComponent(secret)));
  }
  return found;
}

/** The characters that the bytes give where they begin at `offset` within a group of three, whatever stands around. */
function base64Within(bytes: Buffer, offset: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const bits = (offset + bytes.length) * 8;
  // Characters that also hold bits of the neighbours are left out.
  return Buffer.from(text.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6)));
}

/** The alphabet of RFC 4648, section 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** As base64Within, for base32 and its groups of five bytes. */
function base32Within(bytes: Uint8Array, offset: number): string {
  const bits = [...new Uint8Array(offset), ...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const from = Math.ceil((offset * 8) / 5);
  const count = Math.floor(bits.length / 5) - from;
  return Array.from(
    { length: count },
    (_, i) => BASE32[Number.parseInt(bits.slice((from + i) * 5, (from + i + 1) * 5), 2)],
  ).join('');
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function asciiJson(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
