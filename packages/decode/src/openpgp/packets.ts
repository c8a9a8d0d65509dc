import { concatBytes } from '@custody/bytes';
import { PgpMalformed } from './octets.ts';

export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
  /** True where the packet says more bytes than there are. */
  readonly cut: boolean;
}

/** Packets of one sequence; a keyring of 10,000 keys has some 100,000. */
const MOST_PACKETS = 1_000_000;

/**
 * The packets of a byte string in order (RFC 9580 section 4.2), old and new headers, partial and indeterminate lengths.
 * Throws PgpMalformed at bytes that begin no packet.
 */
export function* readPackets(bytes: Uint8Array): Generator<Packet> {
  let at = 0;
  for (let count = 0; at < bytes.length; count++) {
    if (count >= MOST_PACKETS) throw new PgpMalformed(`more than ${MOST_PACKETS} packets`);
    const head = bytes[at] as number;
    if ((head & 0x80) === 0) throw new PgpMalformed('bytes that begin no packet');
    const read = (head & 0x40) === 0 ? oldPacket(bytes, at, head) : newPacket(bytes, at, head);
    yield read.packet;
    at = read.next;
  }
}

interface Read {
  readonly packet: Packet;
  readonly next: number;
}

function oldPacket(bytes: Uint8Array, at: number, head: number): Read {
  const tag = (head >> 2) & 15;
  const kind = head & 3;
  if (kind === 3) return { packet: { tag, body: bytes.subarray(at + 1), cut: false }, next: bytes.length };
  const octets = 1 << kind;
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + need(bytes, at + 1 + i);
  return body(bytes, tag, at + 1 + octets, length);
}

function newPacket(bytes: Uint8Array, at: number, head: number): Read {
  const tag = head & 63;
  const parts: Uint8Array[] = [];
  for (let next = at + 1; ; ) {
    const first = need(bytes, next);
    if (first >= 224 && first < 255) {
      const length = 1 << (first & 31);
      if (next + 1 + length > bytes.length)
        return {
          packet: { tag, body: concatBytes([...parts, bytes.subarray(next + 1)]), cut: true },
          next: bytes.length,
        };
      parts.push(bytes.subarray(next + 1, next + 1 + length));
      next += 1 + length;
      continue;
    }
    const { length, octets } = newLength(bytes, next, first);
    const last = body(bytes, tag, next + octets, length);
    if (parts.length === 0) return last;
    return { packet: { ...last.packet, body: concatBytes([...parts, last.packet.body]) }, next: last.next };
  }
}

function newLength(bytes: Uint8Array, at: number, first: number): { length: number; octets: number } {
  if (first < 192) return { length: first, octets: 1 };
  if (first < 224) return { length: (first - 192) * 256 + need(bytes, at + 1) + 192, octets: 2 };
  let length = 0;
  for (let i = 1; i <= 4; i++) length = length * 256 + need(bytes, at + i);
  return { length, octets: 5 };
}

function body(bytes: Uint8Array, tag: number, from: number, length: number): Read {
  const end = Math.min(from + length, bytes.length);
  return { packet: { tag, body: bytes.subarray(from, end), cut: from + length > bytes.length }, next: end };
}

function need(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new PgpMalformed('it ends inside the header of a packet');
  return byte;
}
