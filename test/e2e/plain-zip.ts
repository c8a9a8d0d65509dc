import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Deflated instead of stored. */
  readonly deflate?: boolean;
  /** What the headers claim; default: the truth. */
  readonly claimedLength?: number;
}

const SUMS = 'manifest-sha256.txt';
const TAG_SUMS = 'tagmanifest-sha256.txt';
const INFO = 'bag-info.txt';

/** Members of a ZIP of stored members (APPNOTE 4.3.7), read without any of our code. */
export function readPlainZip(zip: Buffer): ZipMember[] {
  const out: ZipMember[] = [];
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    const length = zip.readUInt32LE(at + 18);
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const start = nameEnd + zip.readUInt16LE(at + 28);
    out.push({ name: zip.toString('latin1', at + 30, nameEnd), bytes: zip.subarray(start, start + length) });
    at = start + length;
  }
  return out;
}

/** A ZIP with whatever members, in this order, duplicates and bad names included. */
export function writePlainZip(members: readonly ZipMember[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { head, entry, data } = encodeMember(member, offset);
    local.push(head, data);
    central.push(entry);
    offset += head.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** The same members with sums and counts that fit: what somebody who alters an exhibit would do first. */
export function withFittingSums(members: readonly ZipMember[]): ZipMember[] {
  const data = members.filter(({ name }) => name.startsWith('data/'));
  const octets = data.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const tags = members
    .filter(({ name }) => !name.startsWith('data/') && name !== SUMS && name !== TAG_SUMS)
    .map((one) => (one.name === INFO ? { ...one, bytes: withOxum(one.bytes, `${octets}.${data.length}`) } : one));
  const all = [...tags, { name: SUMS, bytes: sumsOf(data) }];
  return [...data, ...all, { name: TAG_SUMS, bytes: sumsOf(all) }];
}

function sumsOf(members: readonly ZipMember[]): Buffer {
  const lines = members.map(({ name, bytes }) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  return Buffer.from(lines.sort().join(''));
}

function withOxum(info: Uint8Array, oxum: string): Buffer {
  return Buffer.from(
    Buffer.from(info)
      .toString()
      .replace(/^Payload-Oxum: .*$/m, `Payload-Oxum: ${oxum}`),
  );
}

function encodeMember(
  { name, bytes, deflate = false, claimedLength = bytes.length }: ZipMember,
  offset: number,
): { head: Buffer; entry: Buffer; data: Buffer } {
  const data = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
  const nameBytes = Buffer.from(name, 'latin1');
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(deflate ? 8 : 0, 4);
  common.writeUInt16LE(0x21, 8);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(deflate ? data.length : claimedLength, 14);
  common.writeUInt32LE(claimedLength, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(offset, 10);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.of(20, 0), common, tail, nameBytes]);
  return { head, entry, data };
}
