import type { SuppliedKey } from '../keyring.ts';
import { textOfKeyFile } from './text-of-key-file.ts';

/** A password is one line; a longer text is a key or a document. */
const LONGEST = 1024;

/**
 * The password of a supplied key: as the keyring has it, or the one line of a text file without its line end and byte
 * order mark. Null where the bytes are no such text. White space inside or around it may belong to it and stays.
 */
export function passwordOf({ passphrase, bytes }: SuppliedKey): string | null {
  if (passphrase !== undefined) return passphrase;
  if (bytes === undefined || bytes.length > LONGEST) return null;
  const line = textOfKeyFile(bytes)?.replace(/[\r\n]+$/, '') ?? '';
  return line === '' || /\p{Cc}/u.test(line) ? null : line;
}
