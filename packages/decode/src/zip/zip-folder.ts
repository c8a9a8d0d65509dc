import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../byte-source.ts';
import type { DecodeContext } from '../format.ts';
import { MOST_CANDIDATES } from '../keyring.ts';
import { finding } from '../make-finding.ts';
import type { ScratchFile, ScratchHandle } from '../scratch.ts';
import * as layout from './layout.ts';
import { listMembers } from './list-members.ts';
import { bodyOf, UNPACK_LIMITS, type Unpacked, unpackMember } from './unpack-member.ts';
import { memberLabel, type ZipMember } from './zip-member.ts';

/** A member of a ZIP as a file: where it stands in the ZIP itself, or in what was unpacked from it. */
export interface ZippedFile {
  /** `NAME.zip!zip/member`: what a locator shows, and what is above it is a folder to formats that are folders. */
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** Null where the member is neither packed nor encrypted: `offset` is then in the ZIP. */
  readonly unpacked: ScratchHandle | null;
}

export interface ZipFolder {
  readonly files: readonly ZippedFile[];
  /** What cannot be read of it. */
  readonly findings: readonly Finding[];
  /** Gives back what was unpacked. */
  discard(): void;
}

/** Members that are named one by one where they cannot be read. */
const MOST_NAMED = 100;
const WHY: Readonly<Record<Exclude<Unpacked['end'], 'whole'>, readonly [Finding['code'], string]>> = {
  'no-header': ['RECORD_MALFORMED', 'its own header is damaged'],
  cut: ['TRUNCATED', 'the ZIP ends inside it'],
  password: ['KEY_MISSING', 'it is encrypted, and no supplied password opens it ({"for": "zip", "passphrase": "…"})'],
  code: ['RECORD_MALFORMED', 'its authentication code does not verify: it was changed or damaged'],
  limit: ['LIMIT_EXCEEDED', 'it unpacks to more than a file of its size may'],
  packing: ['RECORD_MALFORMED', 'its packed content is damaged'],
  method: ['UNSUPPORTED_VERSION', 'it is packed or encrypted in a way that this build does not read'],
};

/**
 * The files of a folder that somebody zipped, as far as they can be read whole: what is packed or encrypted (WinZip AES) is
 * unpacked to scratch, under one limit for all. Null for what is no ZIP, or one without files.
 */
export async function openZipFolder(
  zip: { readonly name: string; readonly source: ByteSource },
  { scratch, keyring }: Pick<DecodeContext, 'scratch' | 'keyring'>,
): Promise<ZipFolder | null> {
  if (!isZip(zip.source)) return null;
  const { members, problems } = listMembers(zip.source);
  const wanted = members.filter(({ name }) => !/[/\\]$/.test(name));
  if (wanted.length === 0) return null;
  const passwords = keyring.keys.flatMap((key) =>
    key.for === 'zip' && key.passphrase !== undefined ? [key.passphrase] : [],
  );
  const unpacking = new Unpacking(zip, scratch.create(), passwords.slice(0, MOST_CANDIDATES));
  for (const detail of problems) unpacking.doubt(zip.name, detail);
  for (const member of wanted) await unpacking.add(member);
  return unpacking.folder();
}

/** APPNOTE 4.3.7: local file header. */
function isZip(source: ByteSource): boolean {
  return [0x50, 0x4b, 3, 4].every((byte, at) => source.read(0, 4)[at] === byte);
}

class Unpacking {
  readonly #zip: { readonly name: string; readonly source: ByteSource };
  readonly #into: ScratchFile;
  readonly #passwords: readonly string[];
  readonly #files: (Omit<ZippedFile, 'unpacked'> & { readonly isPacked: boolean })[] = [];
  readonly #findings: Finding[] = [];
  readonly #most: number;
  #unread = 0;

  constructor(zip: { name: string; source: ByteSource }, into: ScratchFile, passwords: readonly string[]) {
    this.#zip = zip;
    this.#into = into;
    this.#passwords = passwords;
    // Members may overlap: the whole ZIP unpacks to no more than one member of its size may.
    this.#most = Math.min(UNPACK_LIMITS.bytes, UNPACK_LIMITS.free + zip.source.length * UNPACK_LIMITS.ratio);
  }

  async add(member: ZipMember): Promise<void> {
    const { source } = this.#zip;
    const name = `${this.#zip.name}!zip/${memberLabel(member).replaceAll('\\', '/')}`;
    const at = bodyOf(source, member);
    const isPlain = member.encryption === 'none' && member.method === layout.METHOD_STORED;
    const offset = isPlain && at !== null ? at : this.#into.length;
    const read = await this.#read(member, isPlain);
    if (read.end !== 'whole') {
      this.#unreadable(name, member, read.end);
      return;
    }
    if (read.crcMatches === false)
      this.doubt(name, 'The CRC-32 of this member does not match: it was changed or damaged. It is read as it stands.');
    this.#files.push({ name, offset, length: read.length, isPacked: !isPlain });
  }

  folder(): ZipFolder {
    const handle = this.#into.finish();
    const files = this.#files.map(({ isPacked, ...file }) => ({ ...file, unpacked: isPacked ? handle : null }));
    const more = this.#unread - MOST_NAMED;
    if (more > 0) {
      const detail = `${more} more members of the ZIP cannot be read.`;
      this.#findings.push(finding('RECORD_MALFORMED', this.#zip.name, { records: null, detail }));
    }
    return { files, findings: this.#findings, discard: () => this.#into.discard() };
  }

  doubt(path: string, detail: string): void {
    this.#findings.push(finding('UNIT_UNVERIFIED', path, { records: 0, detail, class: 'doubt' }));
  }

  /** With the password that fits, where it needs one. Of one that is not whole nothing is used. */
  async #read(member: ZipMember, isPlain: boolean): Promise<Unpacked> {
    const passwords = member.encryption === 'aes' && this.#passwords.length > 0 ? this.#passwords : [null];
    let read: Unpacked = { end: 'password' };
    for (const password of passwords) {
      const limits = { ...UNPACK_LIMITS, bytes: Math.max(0, this.#most - this.#into.length) };
      const onBytes = (bytes: Uint8Array): void => {
        if (!isPlain) this.#into.append(bytes);
      };
      read = await unpackMember(this.#zip.source, member, { password, limits, onBytes });
      if (read.end !== 'password' && read.end !== 'code') break;
    }
    return read;
  }

  #unreadable(path: string, { headerAt }: ZipMember, end: keyof typeof WHY): void {
    this.#unread++;
    if (this.#unread > MOST_NAMED) return;
    const [code, why] = WHY[end];
    const place = { path, offset: headerAt, length: null, row: null };
    const detail = `This member of the ZIP cannot be read: ${why}. What it holds cannot be known.`;
    this.#findings.push(finding(code, place, { records: null, detail, class: 'lost' }));
  }
}
