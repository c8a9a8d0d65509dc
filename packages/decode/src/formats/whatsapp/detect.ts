import { CustodyError, utf8DecodeLossy } from '@custody/bytes';
import type { Claim, Probe } from '../../format.ts';
import { readBackupPrefix } from './backup-prefix.ts';
import { isSuffix } from './container.ts';
import * as layout from './layout.ts';

export function detectCrypt12({ head, tail, name, length }: Probe): Claim | null {
  if (head[0] !== 0 || head[1] !== layout.CIPHER_VERSION || !layout.KEY_VERSIONS.includes(head[2] ?? 0)) return null;
  if (length < layout.CRYPT12_HEADER_LENGTH) return null;
  if (isSuffix(tail)) {
    return {
      confidence: 'likely',
      grounds: 'begins with cipher version 1 and a key version, ends in "--" and two digits',
    };
  }
  if (!/\.crypt12$/i.test(name)) return null;
  return { confidence: 'likely', grounds: 'begins with cipher version 1 and a key version; the name ends in .crypt12' };
}

export function detectPrefixed({ head }: Probe, generation: 'crypt14' | 'crypt15'): Claim | null {
  try {
    const prefix = readBackupPrefix(head);
    const found = prefix.crypt15 !== null ? 'crypt15' : prefix.crypt14 !== null ? 'crypt14' : null;
    const iv = prefix.crypt15 ?? prefix.crypt14?.iv ?? null;
    if (found !== generation || iv?.length !== layout.IV_LENGTH) return null;
    return { confidence: 'certain', grounds: `begins with a backup prefix of ${generation} with an IV of 16 bytes` };
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}

export function detectMessageStore({ head, name }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  if (!text.startsWith('SQLite format 3\0')) return null;
  if (/key_remote_jid|chat_row_id|jid_row_id/.test(text)) {
    return {
      confidence: 'certain',
      grounds: 'an SQLite database whose schema has the columns of a WhatsApp message store',
    };
  }
  if (/CREATE TABLE wa_contacts/.test(text)) {
    return { confidence: 'certain', grounds: 'an SQLite database whose schema has the contacts of WhatsApp' };
  }
  // A vacuumed store may have its schema far behind; its settings stand in front.
  if (/blank_me_jid_ready|media_message_ready|participant_user_ready/.test(text)) {
    return { confidence: 'likely', grounds: 'an SQLite database with settings of a WhatsApp message store' };
  }
  if (!/msgstore[^/]*\.db$/i.test(name)) return null;
  return { confidence: 'likely', grounds: 'an SQLite database with the name of a WhatsApp message store' };
}
