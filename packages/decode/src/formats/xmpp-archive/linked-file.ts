import { sha256Hex } from '@custody/bytes';
import type { Attachment } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { openAesgcmFile, readAesgcmLink } from '../../omemo/open-payload.ts';

/** Files larger than this are named and not opened. */
const LONGEST = 256 * 1024 * 1024;

/** What a link leads to, where the capture holds a file of that name beside the archive. */
export interface LinkedFile {
  readonly attachment: Attachment;
  /** Why the file beside is not the one of the link; null: it is, or there is none. */
  readonly doubt: string | null;
}

/** A link of XEP-0066 or XEP-0454 (`aesgcm:`, whose fragment is the key). Nothing is fetched. */
export function linkedFile(link: string, beside: CaptureFile['beside']): LinkedFile {
  const sealed = readAesgcmLink(link);
  const path = (sealed?.url ?? link).replace(/[?#].*$/, '');
  const name = unescaped(path.slice(path.lastIndexOf('/') + 1));
  const attachment: Attachment = {
    name: name === '' ? null : name,
    mime: null,
    size: null,
    sha256: null,
    present: false,
  };
  const file = name === '' ? null : (beside?.(name) ?? null);
  if (file === null || file.length > LONGEST) return { attachment, doubt: null };
  const bytes = file.read(0, file.length);
  if (sealed === null)
    return { attachment: { ...attachment, size: bytes.length, sha256: sha256Hex(bytes), present: true }, doubt: null };
  const opened = openAesgcmFile(bytes, sealed);
  if (opened.outcome === 'failed') {
    return {
      attachment,
      doubt: 'a file with the name of an encrypted link does not authenticate under the key of the link',
    };
  }
  const { plaintext } = opened;
  return {
    attachment: { ...attachment, size: plaintext.length, sha256: sha256Hex(plaintext), present: true },
    doubt: null,
  };
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
