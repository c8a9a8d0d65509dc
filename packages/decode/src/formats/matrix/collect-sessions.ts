import { utf8DecodeLossy } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { isObject, type Json, type JsonObject, objectOf, parseJson, parseObject } from './json-value.ts';
import { BackupKey } from './key-backup.ts';
import { type OpenedExport, openKeyExport } from './key-export.ts';
import { packSession, type SessionProblem, type SessionSource } from './session-record.ts';
import { MOST_SESSIONS } from './session-store.ts';
import type { SessionFile, SuppliedMaterial, SuppliedSecret } from './supplied-material.ts';

/** Why an exported key file does not open. */
export const WHY_UNOPENED: Readonly<Record<Exclude<OpenedExport['problem'], null>, string>> = {
  armour: 'it is no exported key file: the text between its first and last line is not base64',
  cut: 'it is cut short: its last line or a part of its content is missing',
  version: 'its version is not 1',
  rounds: 'it names a number of PBKDF2 rounds that no client writes',
  mac: 'its MAC does not verify: the passphrase is another, or the file was changed; the format cannot tell which',
};
const PROBLEM: Readonly<Record<SessionProblem, string>> = {
  algorithm: 'are for another algorithm than m.megolm.v1.aes-sha2',
  key: 'have a session key that cannot be read, or whose own signature does not verify',
  id: 'name another session than the one their key belongs to',
};

/** Gathers Megolm sessions from whatever was supplied, and what is wrong with it. */
export class SessionCollector {
  readonly records: Uint8Array[] = [];
  readonly findings: Finding[] = [];
  readonly keyIds: string[] = [];
  readonly #path: string;
  readonly #refused = new Map<SessionProblem, number>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Exported key files and lists of sessions in clear. */
  addFiles({ exports, lists, secrets, exportPassphrases, mistyped }: SuppliedMaterial): void {
    const others = secrets.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
    const passphrases = [...new Set([...exportPassphrases, ...others])];
    for (const file of exports) this.#export(file, passphrases);
    for (const file of lists) this.#list(file, secrets);
    for (const source of mistyped) {
      const detail = `The recovery key in ${source} is mistyped: its parity is wrong. It was not tried.`;
      this.findings.push(finding('KEY_NOT_VERIFIED', this.#path, { records: 0, class: 'doubt', detail }));
    }
  }

  /** One session; true where it can be used. */
  add(session: JsonObject, sessionId: string | null, source: SessionSource): boolean {
    const record = packSession(session, sessionId, source);
    if (typeof record === 'string') {
      this.#refused.set(record, (this.#refused.get(record) ?? 0) + 1);
      return false;
    }
    if (this.records.length < MOST_SESSIONS) this.records.push(record);
    return true;
  }

  /** What was refused, once everything was added. */
  close(): readonly Finding[] {
    for (const [problem, count] of this.#refused) {
      const detail = `${count} supplied session(s) ${PROBLEM[problem]}: not used.`;
      this.findings.push(finding('KEY_NOT_VERIFIED', this.#path, { records: 0, class: 'doubt', detail }));
    }
    if (this.records.length >= MOST_SESSIONS) {
      const detail = `More than ${MOST_SESSIONS} sessions were supplied; the others were not used.`;
      this.findings.push(finding('LIMIT_EXCEEDED', this.#path, { records: null, class: 'doubt', detail }));
    }
    return this.findings;
  }

  #export(file: SessionFile, passphrases: readonly string[]): void {
    const tried = file.passphrase === null ? passphrases : [file.passphrase];
    if (tried.length === 0 || tried.length > MOST_CANDIDATES) {
      const why =
        tried.length === 0 ? 'no passphrase was supplied for it' : 'more passphrases than are tried could be meant';
      this.#unopened(file.source, why, tried.length === 0 ? 'KEY_MISSING' : 'LIMIT_EXCEEDED');
      return;
    }
    let problem: Exclude<OpenedExport['problem'], null> = 'mac';
    for (const passphrase of tried) {
      const opened = openKeyExport(file.bytes, passphrase);
      if (opened.problem === null) {
        this.#sessions(file, opened.plaintext, 'export');
        return;
      }
      problem = opened.problem;
    }
    this.#unopened(file.source, WHY_UNOPENED[problem], 'KEY_NOT_VERIFIED');
  }

  /** Sessions in clear, or a backup as a client downloads it. */
  #list(file: SessionFile, secrets: readonly SuppliedSecret[]): void {
    const rooms = objectOf(parseObject(utf8DecodeLossy(file.bytes)), 'rooms');
    if (rooms === null) this.#sessions(file, file.bytes, 'list');
    else this.#backup(file, rooms, secrets);
  }

  #backup({ bytes, source }: SessionFile, rooms: JsonObject, secrets: readonly SuppliedSecret[]): void {
    const keys = secrets.flatMap(({ value }) => (typeof value === 'string' ? [] : [new BackupKey(value)]));
    if (keys.length === 0 || keys.length > MOST_CANDIDATES) {
      this.#unopened(source, 'it is a key backup, and its recovery key or private key was not supplied', 'KEY_MISSING');
      return;
    }
    let [opened, closed] = [0, 0];
    for (const room of Object.values(rooms)) {
      for (const [id, entry] of Object.entries(objectOf(isObject(room) ? room : null, 'sessions') ?? {})) {
        const sealed = objectOf(isObject(entry) ? entry : null, 'session_data');
        const plain = sealed === null ? null : firstOpened(keys, sealed);
        const session = plain === null ? null : parseObject(plain.toString());
        if (session !== null && this.add(session, id, 'backup')) opened++;
        else closed++;
      }
    }
    if (opened > 0) this.keyIds.push(keyIdOf(bytes));
    if (closed === 0) return;
    const why =
      opened === 0
        ? 'no session of this backup opens with a supplied key'
        : `${closed} session(s) of this backup do not open, though others do: damaged`;
    this.#unopened(source, why, opened === 0 ? 'KEY_NOT_VERIFIED' : 'KEY_PROVEN_THEN_DAMAGE');
  }

  #sessions({ bytes, source }: SessionFile, plaintext: Uint8Array, from: SessionSource): void {
    const value = parseJson(utf8DecodeLossy(plaintext));
    const sessions = sessionsIn(value);
    if (sessions === null) {
      this.#unopened(source, 'it opens, but holds no list of sessions', 'KEY_NOT_VERIFIED');
      return;
    }
    this.keyIds.push(keyIdOf(bytes));
    for (const session of sessions) if (isObject(session)) this.add(session, null, from);
  }

  #unopened(
    source: string,
    why: string,
    code: 'KEY_MISSING' | 'KEY_NOT_VERIFIED' | 'KEY_PROVEN_THEN_DAMAGE' | 'LIMIT_EXCEEDED',
  ): void {
    const detail = `The key file ${source} cannot be used: ${why}.`;
    this.findings.push(finding(code, this.#path, { records: 0, class: 'doubt', detail }));
  }
}

/** A list, or one session alone, or an object that keeps either under some name, as `sessions` or `session`. */
function sessionsIn(value: Json | undefined): readonly Json[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  if (isSession(value)) return [value];
  const kept = Object.values(value).flatMap((one) =>
    isSession(one) ? [one] : Array.isArray(one) ? one.filter(isSession) : [],
  );
  return kept.length > 0 || Object.hasOwn(value, 'sessions') ? kept : null;
}

function isSession(value: Json): boolean {
  return isObject(value) && Object.hasOwn(value, 'session_key');
}

function firstOpened(keys: readonly BackupKey[], sealed: JsonObject): Buffer | null {
  for (const key of keys) {
    const plain = key.open(sealed);
    if (plain !== null) return plain;
  }
  return null;
}
