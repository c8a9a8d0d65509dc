import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import type { Claim } from '../../format.ts';
import { PgpMalformed } from '../../openpgp/octets.ts';
import { type Packet, readPackets } from '../../openpgp/packets.ts';

const PUBLIC_KEYS = [1, 2, 3, 16, 18, 20, 25, 26];
const CIPHERS = [1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13];
/** Packets that may begin what is inside a compressed packet. */
const INNER = [1, 2, 3, 4, 8, 9, 11, 18, 20, 21];

/** Whether a file begins as an OpenPGP message in binary: the first packet, its length, and what it must hold. */
export function binaryClaim(head: Uint8Array, length: number): Claim | null {
  if (((head[0] ?? 0) & 0x80) === 0) return null;
  const packet = firstPacket(head);
  if (packet === null || !fits(packet, head.length === length)) return null;
  return { confidence: 'likely', grounds: `begins as an OpenPGP packet of type ${packet.tag}` };
}

function firstPacket(head: Uint8Array): Packet | null {
  try {
    for (const packet of readPackets(head)) return packet;
  } catch (error) {
    if (!(error instanceof PgpMalformed)) throw error;
  }
  return null;
}

function fits({ tag, body, cut }: Packet, isWhole: boolean): boolean {
  const [version = 0, second = 0] = body;
  // A packet that says more than a small file holds is none of these, which are short.
  if (cut && isWhole && tag !== 8 && tag !== 18) return false;
  if (tag === 1)
    return version === 3
      ? PUBLIC_KEYS.includes(body[9] ?? 0)
      : version === 6 && PUBLIC_KEYS.includes(body[2 + second] ?? 0);
  if (tag === 3)
    return version === 4
      ? CIPHERS.includes(second) && [0, 1, 3, 4].includes(body[2] ?? 9)
      : version === 5 || version === 6;
  if (tag === 4) return (version === 3 && body.length === 13) || (version === 6 && body.length > 40);
  if (tag === 8) return version >= 1 && version <= 3 && holdsPacket(version, body.subarray(1));
  if (tag === 11) return 'btuml1'.includes(String.fromCharCode(version)) && body.length >= 6 + second && !cut;
  return false;
}

function holdsPacket(algorithm: number, data: Uint8Array): boolean {
  if (algorithm === 3) return data[0] === 0x42 && data[1] === 0x5a && data[2] === 0x68;
  try {
    // What is there of the stream is enough; its end may lie beyond.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 * 1024 * 1024 };
    const [first = 0] = (algorithm === 1 ? inflateRawSync : inflateSync)(data.subarray(0, 1024), options);
    const tag = first & 0x40 ? first & 63 : (first >> 2) & 15;
    return (first & 0x80) !== 0 && INNER.includes(tag);
  } catch {
    return false;
  }
}
