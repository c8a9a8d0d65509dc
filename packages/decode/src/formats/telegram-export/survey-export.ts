import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { ByteCursor } from './byte-cursor.ts';
import type { ChatHead, ExportPlan, ExportUnit, ListKind } from './export-plan.ts';
import { isObject, type JsonObject, peerOf, textOf } from './json-object.ts';
import {
  arrayElements,
  isArrayHere,
  isObjectHere,
  objectKeys,
  parsed,
  StructureFault,
  smallValue,
} from './json-structure.ts';

const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
const ELEMENTS_A_UNIT = 4000;
const BYTES_A_UNIT = 8 * 1024 * 1024;
/** Messages of a personal chat that are looked at for whom the export belongs to. */
const LOOKED_AT = 2000;

const LISTS: Readonly<Record<string, ListKind>> = {
  contacts: 'contacts',
  frequent_contacts: 'frequent',
  sessions: 'sessions',
  web_sessions: 'web-sessions',
};

/** Sections that hold no chats. */
const PASSED: ReadonlySet<string> = new Set(['other_data', 'media_settings', 'user_profile']);

export interface ExportSurvey {
  readonly plan: ExportPlan;
  readonly units: readonly Unit[];
  readonly findings: readonly Finding[];
}

/** One pass over the whole file: chats, who the owner is, and stretches of about 4,000 messages. */
export function surveyExport(
  source: ByteSource,
  path: string,
  progress?: (done: number, total: number) => void,
): ExportSurvey {
  const surveyor = new Surveyor(source, path, progress);
  surveyor.top();
  return surveyor.result();
}

class Surveyor {
  readonly #cursor: ByteCursor;
  readonly #path: string;
  readonly #progress: ((done: number, total: number) => void) | undefined;
  readonly #chats: ChatHead[] = [];
  readonly #units: Unit[] = [];
  readonly #findings: Finding[] = [];
  readonly #owners = new Set<string>();
  #account: ExportPlan['account'] = null;
  #declared: string | null = null;
  #ownerName: string | null = null;
  #unreadLists = 0;

  constructor(source: ByteSource, path: string, progress?: (done: number, total: number) => void) {
    this.#cursor = new ByteCursor(source);
    this.#path = path;
    this.#progress = progress;
  }

  result(): ExportSurvey {
    const [only, ...more] = this.#owners;
    const owner = this.#declared ?? (more.length === 0 ? (only ?? null) : null);
    const plan = { chats: this.#chats, owner, ownerName: this.#ownerName, account: this.#account };
    return { plan, units: this.#units, findings: this.#findings };
  }

  /** A full export has chats in lists; an export of one chat is that chat itself. */
  top(): void {
    const head: Record<string, unknown> = {};
    // An editor may have put a byte order mark in front.
    if (this.#cursor.find(BYTE_ORDER_MARK, 0, 1) === 0) this.#cursor.at = BYTE_ORDER_MARK.length;
    const keys = objectKeys(this.#cursor);
    for (let key = keys.next(); ; key = keys.next()) {
      if (key.done === true) {
        if (key.value !== null) this.#fault(key.value);
        return;
      }
      if (key.value === 'messages' && isArrayHere(this.#cursor)) this.#messages(head, 'messages');
      else if (key.value === 'chats' || key.value === 'left_chats') this.#chatList(key.value);
      else if (Object.hasOwn(LISTS, key.value)) this.#listIn(key.value, LISTS[key.value] as ListKind);
      else if (key.value === 'personal_information') this.#personal();
      else this.#small(head, key.value);
    }
  }

  /** `{"about": …, "list": [chat, …]}`, each chat with its own messages. */
  #chatList(name: string): void {
    if (!isObjectHere(this.#cursor)) {
      this.#small({}, name);
      return;
    }
    for (const key of this.#keys()) {
      if (key === 'list' && isArrayHere(this.#cursor)) this.#chatsOf(name);
      else this.#small({}, key);
    }
  }

  #chatsOf(name: string): void {
    const cursor = this.#cursor;
    cursor.at++;
    for (;;) {
      cursor.skipSpace();
      const byte = cursor.peek();
      if (byte === 0x2c) cursor.at++;
      else if (byte === 0x5d) {
        cursor.at++;
        return;
      } else if (byte !== 0x7b) {
        this.#fault(new StructureFault(cursor.at, byte === -1));
        return;
      } else {
        const head: Record<string, unknown> = {};
        for (const key of this.#keys()) {
          if (key === 'messages' && isArrayHere(cursor)) this.#messages(head, `${name}.list`);
          else this.#small(head, key);
        }
        if (cursor.peek() === -1) return;
      }
    }
  }

  #listIn(name: string, kind: ListKind): void {
    if (isArrayHere(this.#cursor)) this.#list(name, kind);
    else if (isObjectHere(this.#cursor)) this.#listInside(name, kind);
    else this.#small({}, name);
  }

  #listInside(name: string, kind: ListKind): void {
    for (const key of this.#keys()) {
      if (key === 'list' && isArrayHere(this.#cursor)) this.#list(`${name}.list`, kind);
      else this.#small({}, key);
    }
  }

  #personal(): void {
    const offset = this.#cursor.at;
    const value = smallValue(this.#cursor);
    if (!isObject(value)) {
      const place = { path: this.#path, offset, length: this.#cursor.at - offset, row: null };
      const detail = 'The section "personal_information" cannot be read.';
      this.#findings.push(finding('RECORD_MALFORMED', place, { records: 1, detail }));
      return;
    }
    this.#account = { offset, length: this.#cursor.at - offset };
    const state: ExportUnit = {
      what: 'account',
      from: offset,
      until: this.#cursor.at,
      chat: -1,
      before: 0,
      list: 'personal_information',
    };
    this.#units.push({ index: this.#units.length, records: 1, state });
    const id = textOf(value.user_id);
    if (id !== null) this.#declared = `user${id}`;
    const name = [textOf(value.first_name), textOf(value.last_name)].filter((part) => part !== null).join(' ');
    this.#ownerName = name === '' ? null : name;
  }

  #messages(head: JsonObject, list: string): void {
    const chat: ChatHead = { name: textOf(head.name), type: textOf(head.type), id: textOf(head.id) };
    this.#chats.push(chat);
    const peer = chat.type === 'personal_chat' || chat.type === 'bot_chat' ? `user${chat.id}` : null;
    this.#list(list, 'messages', peer);
  }

  /** In a chat of two, whoever is not the other one is the owner. */
  #list(list: string, what: ListKind, peer: string | null = null): void {
    const cursor = this.#cursor;
    cursor.at++;
    const chat = what === 'messages' ? this.#chats.length - 1 : -1;
    let [from, until, count, before] = [cursor.at, cursor.at, 0, 0];
    const close = (): void => {
      if (count === 0) return;
      const state: ExportUnit = { what, from, until, chat, before, list };
      this.#units.push({ index: this.#units.length, records: count, state });
      [before, count, from] = [before + count, 0, until];
    };
    const elements = arrayElements(cursor, cursor.length);
    for (let element = elements.next(); ; element = elements.next()) {
      if (element.done === true) {
        close();
        if (element.value !== null) this.#fault(element.value);
        return;
      }
      const { offset, length } = element.value;
      until = offset + length;
      count++;
      if (peer !== null && before + count <= LOOKED_AT) this.#lookAt(cursor.slice(offset, until), peer);
      if (count >= ELEMENTS_A_UNIT || until - from >= BYTES_A_UNIT) close();
      this.#progress?.(until, cursor.length);
    }
  }

  #lookAt(bytes: Uint8Array, peer: string): void {
    const value = parsed(bytes);
    const from = isObject(value) ? peerOf(value.from_id) : null;
    if (from === null || from === peer || !isObject(value) || value.type !== 'message') return;
    if (!from.startsWith('user') || peerOf(value.forwarded_from_id) === from) return;
    this.#owners.add(from);
  }

  /** Keys of the object here; a fault among them is a finding, and ends them. */
  *#keys(): Generator<string> {
    const keys = objectKeys(this.#cursor);
    for (let key = keys.next(); ; key = keys.next()) {
      if (key.done === true) {
        if (key.value !== null) this.#fault(key.value);
        return;
      }
      yield key.value;
    }
  }

  /** A value beside the lists. A list or section of a name that Telegram does not use may be a known one, damaged. */
  #small(head: Record<string, unknown>, key: string): void {
    if (isArrayHere(this.#cursor)) {
      this.#list(key, 'other');
      return;
    }
    const start = this.#cursor.at;
    if (isObjectHere(this.#cursor) && !PASSED.has(key)) {
      const place = { path: this.#path, offset: start, length: null, row: null };
      const detail = 'A section of a name that this build does not know is not read.';
      this.#findings.push(finding('NOT_COVERED', place, { records: 0, detail, class: 'doubt' }));
    }
    const value = smallValue(this.#cursor);
    if (typeof value === 'string' || typeof value === 'number') head[key] = value;
    if (value === undefined) {
      const place = { path: this.#path, offset: start, length: this.#cursor.at - start, row: null };
      const detail = 'A value beside the lists of the export cannot be read.';
      this.#findings.push(finding('RECORD_MALFORMED', place, { records: 0, detail, class: 'doubt' }));
    }
    if (this.#cursor.at === start) this.#cursor.at++;
  }

  /** Behind a fault of the structure nothing can be counted; one finding says so for all levels that it ends. */
  #fault({ offset, isEnd }: StructureFault): void {
    this.#unreadLists++;
    this.#cursor.at = this.#cursor.length;
    if (this.#unreadLists > 1) return;
    const place = { path: this.#path, offset, length: this.#cursor.length - offset, row: null };
    const detail = isEnd
      ? 'The file ends before the export does: how many messages would follow cannot be known.'
      : 'From here on the text is no JSON of an export: what follows is not read, and how many messages it holds cannot be known.';
    this.#findings.push(finding(isEnd ? 'TRUNCATED' : 'RECORD_MALFORMED', place, { records: null, detail }));
  }
}
