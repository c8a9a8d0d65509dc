import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../../byte-source.ts';
import type { DecodeContext, Unit } from '../../../format.ts';
import { finding } from '../../../make-finding.ts';
import type { ScratchHandle } from '../../../scratch.ts';
import { OUTPUT_LIMITS } from '../plaintext-sink.ts';
import { extractMember, type ZipMember } from '../zip-member.ts';
import { planIncrement } from './increment-store.ts';

export const MEMBER = 'messages.bin';

/** The messages of an incremental backup, unpacked in scratch. */
export interface OpenIncrement {
  readonly handle: ScratchHandle;
  readonly path: string;
  readonly units: readonly Unit[];
  readonly findings: readonly Finding[];
  /** Members of the ZIP that are not decoded. */
  readonly others: number;
}

/** Opens the decrypted ZIP of an incremental backup; the finding why not, where it cannot be. */
export async function openIncrement(
  zip: ByteSource,
  members: readonly ZipMember[],
  { context, path: outer }: { readonly context: DecodeContext; readonly path: string },
): Promise<OpenIncrement | Finding> {
  const member = members.find(({ name }) => name === MEMBER);
  const path = `${outer}!${MEMBER}`;
  if (member === undefined)
    return finding('FORMAT_UNKNOWN', outer, { records: null, detail: `The ZIP holds no ${MEMBER}.` });
  const extracted = await extractMember(zip, member, { scratch: context.scratch, limits: OUTPUT_LIMITS });
  if ('problem' in extracted) {
    const detail = `${MEMBER} is not unpacked: ${extracted.problem}.`;
    return finding('LIMIT_EXCEEDED', path, { records: null, detail });
  }
  const { units, findings } = planIncrement(context.scratch.open(extracted.handle), path);
  const crc = finding('UNIT_UNVERIFIED', path, {
    records: 0,
    detail: `The CRC-32 of ${MEMBER} in the ZIP does not match.`,
  });
  return {
    handle: extracted.handle,
    path,
    units,
    findings: extracted.crcMatches ? findings : [crc, ...findings],
    others: members.length - 1,
  };
}
