import { readArmor } from './armor.ts';
import type { Keyring } from './keyring.ts';
import { PgpMalformed } from './octets.ts';
import type { OpenedMessage } from './open-message.ts';
import { readPackets } from './packets.ts';
import { SignatureNotes } from './signature.ts';

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';

/** A text signed in clear (RFC 9580 section 7), and where it stands. */
export interface ClearSigned {
  readonly start: number;
  readonly end: number;
  readonly message: OpenedMessage;
}

/** The first text signed in clear; null where there is none that is whole. */
export function readClearSigned(text: string, ring: Keyring): ClearSigned | null {
  const start = text.indexOf(BEGIN);
  const mark = start < 0 ? -1 : text.indexOf(`\n${SIGNATURE}`, start);
  const close = mark < 0 ? -1 : text.indexOf(END, mark);
  if (close < 0) return null;
  const end = close + END.length;
  const lines = text.slice(start, mark).replace(/\r\n/g, '\n').split('\n');
  const empty = lines.findIndex((line, i) => i > 0 && line.trim() === '');
  if (empty < 0) return null;
  const content = lines.slice(empty + 1).map((line) => line.replace(/\r$/, '').replace(/^- /, ''));
  const shown = Buffer.from(content.join('\n'));
  const signed = Buffer.from(content.map((line) => line.replace(/[ \t]+$/, '')).join('\r\n'));
  return { start, end, message: judged(text.slice(mark + 1, end), { shown, signed, ring }) };
}

/** A message in clear with detached signatures over `signed`. */
export function judged(
  armour: string,
  { shown, signed, ring }: { shown: Uint8Array; signed: Uint8Array; ring: Keyring },
): OpenedMessage {
  const notes = new SignatureNotes(ring);
  try {
    const bytes = readArmor(armour)[0]?.bytes ?? new Uint8Array();
    for (const { tag, body } of readPackets(bytes)) if (tag === 2) notes.add(body);
  } catch (error) {
    if (!(error instanceof PgpMalformed)) throw error;
  }
  const literal = { format: 't', name: new Uint8Array(), date: 0, data: shown };
  const nothing = {
    cipher: null,
    integrity: null,
    openedBy: null,
    recipients: [],
    flags: [],
    compressed: false,
    why: '',
  };
  return { ...nothing, outcome: 'clear', literal, signatures: notes.judge(signed) };
}
