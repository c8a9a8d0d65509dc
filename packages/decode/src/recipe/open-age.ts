import { createDecipheriv, createHmac } from 'node:crypto';
import { type AgeStanza, ageFileKey } from './age-key.ts';
import { hkdf } from './derive-key.ts';
import { fail, StepFailure } from './step-failure.ts';

/** C2SP age specification, "Header" and "Payload". */
const VERSION = 'age-encryption.org/v1';
const ARMOR = { begin: '-----BEGIN AGE ENCRYPTED FILE-----', end: '-----END AGE ENCRYPTED FILE-----' };
const CHUNK = 64 * 1024;
const TAG = 16;
const NONCE = 16;
const LINE = 64;
const MOST_HEADER = 1024 * 1024;

/** Opens an age file, armored or not, with an X25519 identity or a passphrase. Throws StepFailure. */
export function openAge(bytes: Buffer, key: Buffer): Buffer {
  const file = bytes.toString('latin1', 0, 64).trimStart().startsWith('-----') ? dearmored(bytes) : bytes;
  const { stanzas, covered, mac, end } = readHeader(file);
  const fileKey = ageFileKey(stanzas, key);
  const macKey = hkdf('sha256', fileKey, { salt: Buffer.alloc(0), info: Buffer.from('header'), length: 32 });
  if (!createHmac('sha256', macKey).update(covered).digest().equals(mac))
    fail('failed', 'the MAC over the age header does not fit');
  const nonce = file.subarray(end, end + NONCE);
  if (nonce.length < NONCE) return fail('malformed', 'the age payload lacks its nonce');
  const payloadKey = hkdf('sha256', fileKey, { salt: nonce, info: Buffer.from('payload'), length: 32 });
  return payload(file.subarray(end + NONCE), payloadKey);
}

interface Header {
  readonly stanzas: readonly AgeStanza[];
  readonly covered: Buffer;
  readonly mac: Buffer;
  readonly end: number;
}

function readHeader(file: Buffer): Header {
  let at = 0;
  const line = (): string => {
    const lf = file.indexOf(0x0a, at);
    if (lf < 0 || lf > MOST_HEADER) return fail('malformed', 'the age header has no end');
    const text = file.toString('latin1', at, lf);
    at = lf + 1;
    return text;
  };
  if (line() !== VERSION) return fail('unsupported', 'no age file of version 1');
  const stanzas: AgeStanza[] = [];
  for (;;) {
    const start = at;
    const text = line();
    if (text.startsWith('---')) {
      const mac = /^--- (\S+)$/.exec(text)?.[1];
      const bytes = mac === undefined ? null : plainBase64(mac);
      if (bytes?.length !== 32 || stanzas.length === 0)
        return fail('malformed', 'the age header has no MAC, or no stanza');
      return { stanzas, covered: file.subarray(0, start + 3), mac: bytes, end: at };
    }
    stanzas.push(stanza(text, line));
  }
}

/** `-> type argument…`, then base64 in lines of 64 characters, the last one shorter. */
function stanza(first: string, line: () => string): AgeStanza {
  const [mark, ...args] = first.split(' ');
  if (mark !== '->' || args.length === 0 || args.some((arg) => !/^[\x21-\x7e]+$/.test(arg)))
    return fail('malformed', 'no stanza in the age header');
  const lines: string[] = [];
  for (;;) {
    const text = line();
    if (text.length > LINE) return fail('malformed', 'a line of the age header is too long');
    lines.push(text);
    if (text.length < LINE) break;
  }
  const body = plainBase64(lines.join(''));
  if (body === null) return fail('malformed', 'the body of an age stanza is not base64');
  return { args, body };
}

/** RFC 4648 4 without padding, canonical; null otherwise. */
export function plainBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text ? bytes : null;
}

/** STREAM: chunks of 64 KiB; the last one says so in its nonce, and is empty only where the whole file is. */
function payload(sealed: Buffer, key: Buffer): Buffer {
  const out: Buffer[] = [];
  const size = CHUNK + TAG;
  const count = Math.ceil(sealed.length / size);
  if (count === 0) return fail('malformed', 'the age payload is empty');
  for (let i = 0; i < count; i++) {
    const chunk = sealed.subarray(i * size, (i + 1) * size);
    const isLast = i === count - 1;
    if (chunk.length < TAG || (chunk.length === TAG && i > 0))
      return fail('failed', 'the age payload is cut off or has an empty last chunk');
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(i, 5, 6);
    nonce[11] = isLast ? 1 : 0;
    out.push(opened(chunk, key, nonce));
  }
  return Buffer.concat(out);
}

function opened(chunk: Buffer, key: Buffer, nonce: Buffer): Buffer {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(chunk.subarray(-TAG));
  const text = decipher.update(chunk.subarray(0, -TAG));
  try {
    decipher.final();
    return text;
  } catch {
    throw new StepFailure(
      'failed',
      'a chunk of the age payload does not fit its tag: it was altered, damaged or cut off',
    );
  }
}

/** Strict PEM (RFC 7468 3) as the specification wants it; white space may stand around it. */
function dearmored(bytes: Buffer): Buffer {
  const lines = bytes
    .toString('latin1')
    .replace(/^[\t\n\r ]+/, '')
    .replace(/[\t\n\r ]+$/, '')
    .split(/\r?\n/);
  const body = lines.slice(1, -1);
  const isWhole = lines[0] === ARMOR.begin && lines.at(-1) === ARMOR.end && body.length > 0;
  const fits = body.every(
    (line, i) =>
      /^[A-Za-z0-9+/]+={0,2}$/.test(line) && (i === body.length - 1 ? line.length <= LINE : line.length === LINE),
  );
  const text = body.join('');
  const decoded = Buffer.from(text, 'base64');
  if (!isWhole || !fits || decoded.toString('base64') !== text)
    return fail('malformed', 'the armor of the age file is not as it must be');
  return decoded;
}
