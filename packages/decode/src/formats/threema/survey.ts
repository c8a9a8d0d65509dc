import { createHash } from 'node:crypto';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { Scratch } from '../../scratch.ts';
import { memberLabel, type Unpacked, unpackMember, type ZipMember } from '../../zip/index.ts';
import { csvRows } from './csv-rows.ts';
import { gatherPeople, ownerOf } from './gather-people.ts';
import { type MemberKind, memberKind } from './member-kind.ts';
import { noPeople } from './people.ts';
import type { MediumFile, Survey, TableFile, UnitState } from './plan-state.ts';

const ROWS_A_UNIT = 4000;
const BYTES_A_UNIT = 8 * 1024 * 1024;

export interface SurveyOptions {
  readonly zip: ByteSource;
  readonly path: string;
  readonly password: string;
  readonly scratch: Scratch;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Unpacks and authenticates every member once: tables into scratch, media through their hash. */
export async function survey(members: readonly ZipMember[], options: SurveyOptions): Promise<Survey> {
  const surveyor = new Surveyor(options);
  for (const member of members) {
    await surveyor.member(member);
    options.progress?.(member.headerAt, options.zip.length);
  }
  return surveyor.result();
}

class Surveyor {
  readonly #options: SurveyOptions;
  readonly #tables: TableFile[] = [];
  readonly #media: MediumFile[] = [];
  readonly #mediaKeys = new Set<string>();
  readonly #claimed = new Set<string>();
  readonly #passed = new Map<string, number>();
  readonly #findings: Finding[] = [];
  readonly #units: Unit[] = [];

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  async member(member: ZipMember): Promise<void> {
    const kind = memberKind(member.name);
    const path = `${this.#options.path}!zip!${memberLabel(member)}`;
    if (member.name.endsWith('/') && member.size === 0) return;
    if (kind.kind === 'identity') this.#withhold(path);
    else if (kind.kind === 'passed') this.#passed.set(kind.what, (this.#passed.get(kind.what) ?? 0) + 1);
    else if (kind.kind === 'media') await this.#medium(member, path, `${kind.scope}:${kind.uid}`);
    else await this.#table(member, path, kind);
  }

  result(): Survey {
    const { scratch } = this.#options;
    const people = noPeople();
    for (const table of this.#tables) gatherPeople(people, table, scratch.open(table.handle));
    people.owner = ownerOf(people, this.#tables, (table) => scratch.open(table.handle));
    for (const [at, table] of this.#tables.entries()) this.#split(table, at);
    const passed = [...this.#passed.values()].reduce((sum, n) => sum + n, 0);
    if (this.#media.length + passed > 0) {
      const state: UnitState = { what: 'members', table: -1, from: 0, until: 0, row: 0 };
      this.#units.push({ index: this.#units.length, records: this.#media.length + passed, state });
    }
    return {
      ...{ people, tables: this.#tables, media: this.#media, claimed: this.#claimed },
      ...{ passed: this.#passed, units: this.#units, findings: this.#findings },
    };
  }

  #withhold(path: string): void {
    this.#passed.set('exports of the identity', (this.#passed.get('exports of the identity') ?? 0) + 1);
    const detail =
      'The export of the account is not decoded: its private key is a live credential, with which somebody could act as the ' +
      'owner, and no message needs it.';
    this.#findings.push(finding('CREDENTIAL_WITHHELD', path, { records: 1, detail }));
  }

  async #table(member: ZipMember, path: string, kind: MemberKind): Promise<void> {
    const file = this.#options.scratch.create();
    const outcome = await this.#unpack(member, (bytes) => file.append(bytes));
    const problem = problemOf(outcome);
    if (problem !== null) {
      file.discard();
      const detail = `${problem.detail}: none of its rows is decoded, and how many there are cannot be known.`;
      this.#findings.push(finding(problem.code, path, { records: null, detail, class: 'lost' }));
      return;
    }
    this.#doubt(member, outcome, path);
    const handle = file.finish();
    const verified = member.encryption === 'aes';
    const [first] = csvRows(this.#options.scratch.open(handle));
    const header = kind.kind === 'settings' ? ['name', 'value'] : (first?.fields ?? []);
    this.#tables.push({ path, kind, handle, header, verified });
  }

  async #medium(member: ZipMember, path: string, key: string): Promise<void> {
    const hash = createHash('sha256');
    const outcome = await this.#unpack(member, (bytes) => hash.update(bytes));
    const problem = problemOf(outcome);
    if (problem === null) this.#doubt(member, outcome, path);
    const isWhole = outcome.end === 'whole';
    this.#mediaKeys.add(key);
    this.#media.push({
      ...{ path, key, sha256: isWhole ? hash.digest('hex') : null, size: isWhole ? outcome.length : member.size },
      ...{ verified: member.encryption === 'aes', problem: problem?.detail ?? null },
    });
  }

  #unpack(member: ZipMember, onBytes: (bytes: Uint8Array) => void): Promise<Unpacked> {
    return unpackMember(this.#options.zip, member, { password: this.#options.password, onBytes });
  }

  #doubt(member: ZipMember, outcome: Unpacked, path: string): void {
    const doubts: string[] = [];
    if (member.encryption === 'none') doubts.push('The member is not encrypted, though the app encrypts every member');
    if (outcome.end === 'whole' && outcome.crcMatches === false)
      doubts.push('The CRC-32 of the content does not match');
    if (outcome.end === 'whole' && outcome.length !== member.size) {
      doubts.push(`The ZIP says ${member.size} bytes, there are ${outcome.length}`);
    }
    for (const detail of doubts) {
      this.#findings.push(finding('UNIT_UNVERIFIED', path, { records: 0, detail: `${detail}.` }));
    }
  }

  /** Only what a medium bears is kept: messages may be any number. */
  #claim(key: string): void {
    if (this.#mediaKeys.has(key)) this.#claimed.add(key);
  }

  /** Cuts a table into units and notes which media its messages claim. */
  #split(table: TableFile, at: number): void {
    const source = this.#options.scratch.open(table.handle);
    const { kind } = table;
    const uid = kind.kind === 'messages' ? table.header.indexOf('uid') : -1;
    const rows = csvRows(source);
    const hasHeader = kind.kind !== 'settings';
    const first = hasHeader ? rows.next() : null;
    let from = first === null || first.done === true ? 0 : first.value.length + first.value.offset;
    let [row, count, until] = [0, 0, from];
    const close = (): void => {
      if (count === 0) return;
      const state: UnitState = { what: 'rows', table: at, from, until, row };
      this.#units.push({ index: this.#units.length, records: count, state });
      [from, row, count] = [until, row + count, 0];
    };
    for (const { offset, length, fields } of rows) {
      until = offset + length;
      count++;
      if (uid >= 0 && kind.kind === 'messages') this.#claim(`${kind.scope}:${fields?.[uid] ?? ''}`);
      if (count >= ROWS_A_UNIT || until - from >= BYTES_A_UNIT) close();
    }
    close();
  }
}

interface Problem {
  readonly code:
    | 'AUTHENTICATION_FAILED'
    | 'KEY_PROVEN_THEN_DAMAGE'
    | 'TRUNCATED'
    | 'LIMIT_EXCEEDED'
    | 'UNSUPPORTED_VERSION';
  readonly detail: string;
}

function problemOf({ end }: Unpacked): Problem | null {
  switch (end) {
    case 'whole':
      return null;
    case 'no-header':
      return { code: 'KEY_PROVEN_THEN_DAMAGE', detail: 'The header of the member in the ZIP is damaged' };
    case 'cut':
      return { code: 'TRUNCATED', detail: 'The ZIP ends inside the member' };
    case 'password':
      return { code: 'KEY_PROVEN_THEN_DAMAGE', detail: 'The password opens other members, but not this one' };
    case 'code':
      return { code: 'AUTHENTICATION_FAILED', detail: 'The authentication code over the member does not verify' };
    case 'limit':
      return { code: 'LIMIT_EXCEEDED', detail: 'The member unpacks to more than the limit' };
    case 'packing':
      return { code: 'KEY_PROVEN_THEN_DAMAGE', detail: 'The content of the member cannot be unpacked' };
    case 'method':
      return {
        code: 'UNSUPPORTED_VERSION',
        detail: 'The member is packed or encrypted in a way this build does not read',
      };
  }
}
