import type { Finding, Party } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { showServiceId } from './backup-keys.ts';
import { attempt } from './container.ts';
import type { FrameReader } from './frame-reader.ts';
import { BACKUP_VERSION } from './layout.ts';
import { mediaNamesIn } from './media-names.ts';
import { type Id, joined, type People, type Person, personOf, serviceId, textOf } from './people.ts';
import type { Message } from './schema/read-message.ts';

const FRAMES_A_UNIT = 4000;
const BYTES_A_UNIT = 16 * 1024 * 1024;

/** Messages from one place up to another; `row` is the number of the first. */
export interface UnitState {
  readonly from: number;
  readonly until: number;
  readonly row: number;
}

export interface Survey {
  readonly people: People;
  readonly units: readonly Unit[];
  readonly findings: readonly Finding[];
  /** Names of files that pointers lead to, where media were looked for. */
  readonly media: ReadonlySet<string>;
}

export interface Surveyed {
  readonly source: ByteSource;
  readonly path: string;
  readonly reader: FrameReader;
  readonly owner: Uint8Array | null;
  /** Whether to look for pointers to files. */
  readonly media: boolean;
}

/** One pass over all messages: who is who, where units begin, where the stream breaks off. Null: these are no frames. */
export function survey(backup: Surveyed): Survey | Finding {
  const surveyor = new Surveyor(backup);
  for (const found of backup.reader.walk(backup.source, 0, backup.source.length)) {
    if ('why' in found) {
      surveyor.breaksOff(found.offset, found.why);
      break;
    }
    const refusal = surveyor.message(found);
    if (refusal !== null) return refusal;
  }
  return surveyor.result();
}

class Surveyor {
  readonly #backup: Surveyed;
  readonly #persons = new Map<Id, Person>();
  readonly #chats = new Map<Id, Id>();
  readonly #byServiceId = new Map<string, Id>();
  readonly #members = new Set<string>();
  readonly #media = new Set<string>();
  readonly #units: Unit[] = [];
  readonly #findings: Finding[] = [];
  #self: Id | null = null;
  #account: Message | null = null;
  #row = 0;
  #from = 0;
  #fromRow = 0;
  #until = 0;

  constructor(backup: Surveyed) {
    this.#backup = backup;
  }

  message(found: { readonly offset: number; readonly length: number; readonly bytes: Uint8Array }): Finding | null {
    if (this.#row === 0) {
      const refusal = this.#info(found.bytes);
      if (refusal !== null) return refusal;
    } else this.#frame(found.bytes);
    this.#row++;
    this.#until = found.offset + found.length;
    if (this.#row - this.#fromRow >= FRAMES_A_UNIT || this.#until - this.#from >= BYTES_A_UNIT) this.#close();
    return null;
  }

  breaksOff(offset: number, why: 'end' | 'length'): void {
    const { path, source } = this.#backup;
    const place = { path, offset, length: source.length - offset, row: this.#row };
    const what = why === 'end' ? 'The content ends inside a frame' : 'The length of a frame is impossible';
    const detail = `${what}: how many frames would follow cannot be known.`;
    this.#findings.push(finding('TRUNCATED', place, { records: null, detail }));
  }

  result(): Survey | Finding {
    if (this.#row === 0) return this.#refuse('FORMAT_UNKNOWN', 'There is no message in it that says what it is.');
    this.#close();
    if (this.#account === null) {
      const detail = 'The frame with the account, which leads every backup, is not there.';
      this.#findings.push(finding('REFERENCE_UNRESOLVED', this.#backup.path, { records: 0, detail }));
    }
    this.#nameSelf();
    const people = {
      persons: this.#persons,
      chats: this.#chats,
      byServiceId: this.#byServiceId,
      self: this.#self,
    };
    return { people, units: this.#units, findings: this.#findings, media: this.#media };
  }

  #refuse(code: 'FORMAT_UNKNOWN' | 'UNSUPPORTED_VERSION', detail: string): Finding {
    return finding(code, this.#backup.path, { records: null, detail });
  }

  #info(bytes: Uint8Array): Finding | null {
    const info = attempt(() => this.#backup.reader.read('BackupInfo', bytes, new Map()));
    if (info === null) return this.#refuse('FORMAT_UNKNOWN', 'Its first message is none that leads a backup.');
    const version = info.version ?? 0;
    if (version === BACKUP_VERSION) return null;
    return this.#refuse(
      'UNSUPPORTED_VERSION',
      `It says version ${version}; this build reads version ${BACKUP_VERSION}.`,
    );
  }

  #close(): void {
    if (this.#row > this.#fromRow) {
      const state: UnitState = { from: this.#from, until: this.#until, row: this.#fromRow };
      this.#units.push({ index: this.#units.length, records: this.#row - this.#fromRow, state });
    }
    this.#from = this.#until;
    this.#fromRow = this.#row;
  }

  #frame(bytes: Uint8Array): void {
    if (this.#backup.reader.isChatItem(bytes) && !this.#backup.media) return;
    const frame = attempt(() => this.#backup.reader.read('Frame', bytes, new Map()));
    if (frame === null) return;
    if (frame.account !== undefined) this.#account ??= frame.account as Message;
    if (frame.recipient !== undefined) this.#recipient(frame.recipient as Message);
    if (frame.chat !== undefined) {
      const { id = 0, recipientId = 0 } = frame.chat as { readonly id?: Id; readonly recipientId?: Id };
      this.#chats.set(id, recipientId);
    }
    if (this.#backup.media) for (const name of mediaNamesIn(frame)) this.#media.add(name);
  }

  #recipient(recipient: Message): void {
    const id = (recipient.id ?? 0) as Id;
    const person = personOf(recipient);
    this.#persons.set(id, person);
    if (person.kind === 'self') this.#self = id;
    const { contact, group } = recipient as Record<string, Message | undefined>;
    const pni = serviceId(contact?.pni);
    for (const name of [person.aci, pni, pni === null ? null : `PNI:${pni}`])
      if (name !== null) this.#byServiceId.set(name, id);
    for (const member of ((group?.snapshot as Message | undefined)?.members ?? []) as readonly Message[]) {
      const aci = serviceId(member.userId);
      if (aci !== null) this.#members.add(aci);
    }
  }

  /**
   * The backup names its owner by a name only. The service id is the supplied one that its keys prove, else that of the
   * one member of groups who is no contact: every other member has a frame of their own.
   */
  #nameSelf(): void {
    if (this.#self === null) return;
    const proven = this.#backup.owner === null ? null : showServiceId(this.#backup.owner);
    const strangers = [...this.#members].filter((aci) => !this.#byServiceId.has(aci));
    const aci = proven ?? (strangers.length === 1 ? (strangers[0] as string) : null);
    const { givenName, familyName, username } = this.#account ?? {};
    const display = joined(givenName, familyName);
    const user = textOf(username);
    const name: Omit<Party, 'display'> =
      aci !== null
        ? { type: 'signal-aci', value: aci }
        : user !== null
          ? { type: 'signal-username', value: user }
          : { type: 'signal-recipient', value: String(this.#self) };
    const party: Party = display === null ? name : { ...name, display };
    this.#persons.set(this.#self, { kind: 'self', party, aci });
    if (aci !== null) this.#byServiceId.set(aci, this.#self);
  }
}
