import { utf8DecodeLossy } from '@custody/bytes';
import type { Authentication, BatchWriter, Finding } from '@custody/evidence';
import type { CaptureFile, DecodeContext, Format, Plan, Unit, UnitResult } from '../../format.ts';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { WHY_UNOPENED } from './collect-sessions.ts';
import { isObject, type Json, type JsonObject, listOf, objectOf, parseJson, textOf } from './json-value.ts';
import { looksLikeKeyExport, type OpenedExport, openKeyExport } from './key-export.ts';
import { looseBase64 } from './loose-base64.ts';
import { readSessionKey } from './megolm-session.ts';

const SESSIONS_A_UNIT = 3500;
/** An export is opened whole: its MAC covers all of it. */
const LONGEST = 64 * 1024 * 1024;
const VERIFIED: Authentication = {
  mechanism: 'HMAC-SHA256 over the whole file',
  result: 'verified',
  proves:
    'The list of sessions was not changed since somebody who had the passphrase exported it. Whose sessions they are is what that ' +
    'device believed; the file does not prove it.',
};

/** What is shown of a session: everything but its key. */
interface ShownSession {
  readonly room: string | null;
  readonly fields: readonly (readonly [string, string | number | boolean])[];
  /** False where the session key cannot be read. */
  readonly isWhole: boolean;
}

interface UnitState {
  readonly row: number;
  readonly sessions: readonly ShownSession[];
}

/** A client's exported keys as a capture of their own: which sessions they hold. To decrypt with them, supply them as a key. */
export const matrixKeyExport: Format = {
  name: 'matrix-key-export',
  title: 'Matrix exported keys (MEGOLM SESSION DATA)',
  version: '1',
  versions: 'version 1',
  keyMaterial: 'its passphrase: {"for": "matrix-key-export", "passphrase": "…"}',
  authentication: VERIFIED.proves,
  notCovered: 'the session keys themselves, which are never shown; supply the file as a key to decrypt events with it',
  detect: ({ head }) =>
    looksLikeKeyExport(head)
      ? { confidence: 'certain', grounds: 'begins with the armour of exported Megolm keys' }
      : null,
  prepare,
  open: (_plan, { name: path }) => ({ decode: (unit, out) => decode(unit, out, path), close: () => {} }),
};

async function prepare({ source, name }: CaptureFile, { keyring }: DecodeContext): Promise<Plan> {
  const passphrases = keyring.keys.flatMap(({ for: purpose, passphrase }) =>
    purpose.startsWith('matrix') && passphrase !== undefined ? [passphrase] : [],
  );
  const tried = [...new Set(passphrases)];
  if (tried.length === 0)
    return failed(
      'KEY_MISSING',
      name,
      'No passphrase was supplied. Needed: {"for": "matrix-key-export", "passphrase": "…"}.',
    );
  if (tried.length > MOST_CANDIDATES) {
    return failed(
      'LIMIT_EXCEEDED',
      name,
      `${tried.length} supplied passphrases could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`,
    );
  }
  if (source.length > LONGEST) return failed('LIMIT_EXCEEDED', name, `It is longer than ${LONGEST} bytes.`);
  const file = source.read(0, source.length);
  let opened: OpenedExport | null = null;
  for (const passphrase of tried) {
    opened = openKeyExport(file, passphrase);
    // Only the MAC depends on the passphrase.
    if (opened.problem !== 'mac') break;
  }
  if (opened === null || opened.problem !== null) {
    const problem = opened?.problem ?? 'mac';
    const code =
      problem === 'cut'
        ? 'TRUNCATED'
        : problem === 'version'
          ? 'UNSUPPORTED_VERSION'
          : problem === 'mac'
            ? 'KEY_NOT_VERIFIED'
            : 'RECORD_MALFORMED';
    return failed(code, name, `The exported keys cannot be opened: ${WHY_UNOPENED[problem]}.`);
  }
  const list = parseJson(utf8DecodeLossy(opened.plaintext));
  if (!Array.isArray(list)) return failed('RECORD_MALFORMED', name, 'It opens, but holds no list of sessions.');
  return { units: unitsOf(list as readonly Json[]), state: null, findings: [], keyIds: [keyIdOf(file)], profile: null };
}

function unitsOf(list: readonly Json[]): Unit[] {
  const units: Unit[] = [];
  for (let row = 0; row < list.length; row += SESSIONS_A_UNIT) {
    const sessions = list.slice(row, row + SESSIONS_A_UNIT).map((one) => shownSession(isObject(one) ? one : null));
    const state: UnitState = { row, sessions };
    units.push({ index: units.length, records: sessions.length, state });
  }
  return units;
}

function shownSession(session: JsonObject | null): ShownSession {
  const key = readSessionKey(looseBase64(textOf(session, 'session_key')) ?? Buffer.alloc(0));
  const id = looseBase64(textOf(session, 'session_id'));
  const fields: [string, string | number | boolean][] = [];
  for (const name of ['algorithm', 'session_id', 'sender_key']) {
    const text = textOf(session, name);
    if (text !== null) fields.push([name, text]);
  }
  const claimed = textOf(objectOf(session, 'sender_claimed_keys'), 'ed25519');
  if (claimed !== null) fields.push(['claimed_ed25519', claimed]);
  if (key !== null) fields.push(['first_index', key.index]);
  if (listOf(session, 'forwarding_curve25519_key_chain').length > 0) fields.push(['forwarded', true]);
  const isWhole = key !== null && (id === null || id.equals(key.publicKey));
  return { room: textOf(session, 'room_id'), fields, isWhole };
}

function decode(unit: Unit, out: BatchWriter, path: string): UnitResult {
  const { row, sessions } = unit.state as UnitState;
  let lost = 0;
  for (const [i, { room, fields, isWhole }] of sessions.entries()) {
    const locator = { path: `${path}!sessions`, offset: null, length: null, row: row + i };
    if (!isWhole) {
      lost++;
      const detail = 'The session key cannot be read, or belongs to another session than it is listed as.';
      out.finding(finding('RECORD_MALFORMED', locator, { records: 1, detail }));
      continue;
    }
    out.begin('note', 'matrix', null);
    out.locator(locator);
    out.authentication(VERIFIED);
    if (room !== null) out.conversation(room);
    for (const [name, value] of fields) out.field(name, value);
    out.end();
  }
  const records = sessions.length;
  return { counts: { records, decoded: records - lost, lost, notCovered: 0 }, summary: null };
}

function failed(code: Finding['code'], path: string, detail: string): Plan {
  return {
    units: [],
    state: null,
    findings: [finding(code, path, { records: null, detail })],
    keyIds: [],
    profile: null,
  };
}
