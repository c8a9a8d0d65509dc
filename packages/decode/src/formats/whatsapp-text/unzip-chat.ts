import { createHash } from 'node:crypto';
import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { listMembers, type Unpacked, unpackMember, type ZipMember } from '../../zip/index.ts';
import type { FoundFile } from './chat-writer.ts';

export interface UnzippedChat {
  readonly handle: ScratchHandle;
  readonly path: string;
  readonly files: ReadonlyMap<string, FoundFile>;
  readonly findings: readonly Finding[];
}

/** The text of an exported chat and the hashes of its media, out of the ZIP that the app sends; else why not. */
export async function unzipChat({ source, name }: CaptureFile, scratch: Scratch): Promise<UnzippedChat | Finding> {
  const { members, problems } = listMembers(source);
  const texts = members.filter((member) => /(^|\/)(_chat|[^/]*whatsapp[^/]*)\.txt$/i.test(member.name));
  const [chat] = texts;
  if (chat === undefined) {
    return finding('FORMAT_UNKNOWN', name, { records: null, detail: 'The ZIP holds no text of an exported chat.' });
  }
  const path = `${name}!zip!${chat.name}`;
  const file = scratch.create();
  const outcome = await unpack(chat, (bytes) => file.append(bytes));
  if (outcome.end !== 'whole') {
    file.discard();
    const detail = `The text of the chat cannot be unpacked (${outcome.end}): no message is decoded.`;
    return finding(outcome.end === 'cut' ? 'TRUNCATED' : 'RECORD_MALFORMED', path, { records: null, detail });
  }
  const findings = problems.map((detail) => finding('CONFLICTING_COPIES', name, { records: 0, detail }));
  if (outcome.crcMatches === false)
    findings.push(doubt(path, 'The CRC-32 of the text does not match: it was changed or damaged.'));
  for (const other of texts.slice(1))
    findings.push(doubt(`${name}!zip!${other.name}`, 'A further text of a chat is not decoded.'));
  const files = new Map<string, FoundFile>();
  for (const member of members) {
    if (texts.includes(member) || member.name.endsWith('/')) continue;
    const hash = createHash('sha256');
    const read = await unpack(member, (bytes) => hash.update(bytes));
    const place = `${name}!zip!${member.name}`;
    if (read.end !== 'whole')
      findings.push(doubt(place, `The file cannot be unpacked (${read.end}): it counts as absent.`));
    else if (read.crcMatches === false)
      findings.push(doubt(place, 'The CRC-32 of the file does not match: it counts as absent.'));
    else
      files.set(member.name.slice(member.name.lastIndexOf('/') + 1), { size: read.length, sha256: hash.digest('hex') });
  }
  return { handle: file.finish(), path, files, findings };

  function unpack(member: ZipMember, onBytes: (bytes: Uint8Array) => void): Promise<Unpacked> {
    return unpackMember(source, member, { password: null, onBytes });
  }
}

function doubt(path: string, detail: string): Finding {
  return finding('UNIT_UNVERIFIED', path, { records: 0, detail });
}
