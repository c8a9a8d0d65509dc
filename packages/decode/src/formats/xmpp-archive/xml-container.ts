import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { finding } from '../../make-finding.ts';
import { type ArchiveRecord, type Container, RecordBuilder, type Scan } from './container.ts';
import { bareJid } from './jid.ts';
import { isMam, NS } from './namespaces.ts';
import { stampInstant } from './stored-time.ts';
import { attribute, child, type Namespaces, readElement, type XmlElement, XmlRefused } from './xml-element.ts';
import { nextTag, type OpenElement, walkXml } from './xml-walk.ts';

type Role = 'result' | 'stanza' | 'offline' | 'contact' | 'card' | 'other' | 'account';

interface XmlContext {
  readonly role: Role;
  readonly owner: string | null;
  readonly namespaces: Namespaces;
}

/** Where a walk may go on behind damage. */
const RECORDS = ['result', 'message', 'user', 'host', 'item'];
const MOST_DAMAGE = 1000;

/** XEP-0227 exports and XEP-0313 query results. */
export const xmlContainer: Container = {
  scan: (file, progress) => new XmlScan(file).run(progress),
  read,
};

class XmlScan {
  readonly #file: { name: string; source: ByteSource };
  readonly #records = new RecordBuilder();
  readonly #contexts: XmlContext[] = [];
  readonly #byName = new Map<string, number>();
  readonly #findings: Finding[] = [];
  /** Open elements that are records: what is inside them is part of them. */
  readonly #taken = new Set<OpenElement>();

  constructor(file: { name: string; source: ByteSource }) {
    this.#file = file;
  }

  run(progress?: (done: number) => void): Scan {
    const { source, name } = this.#file;
    let offset = 0;
    let ancestors: readonly OpenElement[] = [];
    for (let damages = 0; ; damages++) {
      const end = walkXml(source, { open: this.#open, close: this.#close }, { offset, ancestors, progress });
      if (end === null) break;
      const { damage, stack } = end;
      const on = damages < MOST_DAMAGE && !damage.why.includes('document type') && !damage.why.includes('doctype');
      const next = on ? nextTag(source, Math.max(damage.offset, offset + 1), RECORDS) : source.length;
      const place = { path: name, offset: damage.offset, length: next - damage.offset, row: this.#records.count };
      const isEnd = damage.offset >= source.length;
      const detail = `${isEnd ? 'The file ends inside an element' : 'Not well-formed XML'} (${damage.why.slice(0, 200)}); what stands between here and the next record is not read.`;
      this.#findings.push(finding(isEnd ? 'TRUNCATED' : 'RECORD_MALFORMED', place, { records: null, detail }));
      if (next >= source.length) break;
      offset = next;
      ancestors = this.#holdersOf(stack);
    }
    return { records: this.#records.list(), contexts: this.#contexts, findings: this.#findings };
  }

  /** The elements around records: what was open inside a record at the damage is left. */
  #holdersOf(stack: readonly OpenElement[]): readonly OpenElement[] {
    const cut = stack.findIndex((element) => this.#taken.has(element) || RECORDS.slice(0, 2).includes(element.name));
    return cut < 0 ? stack : stack.slice(0, cut);
  }

  #open = (element: OpenElement, stack: readonly OpenElement[]): void => {
    if (element.ns === NS.xinclude) {
      const place = { path: this.#file.name, offset: element.offset, length: null, row: null };
      const detail =
        'An XInclude names another file: it is not followed. A file of the same export is taken in beside this one or as a capture of its own.';
      this.#findings.push(finding('REFERENCED_BUT_ABSENT', place, { records: null, class: 'doubt', detail }));
    }
    if (element.name === 'server-data' && element.ns !== NS.portable) {
      const place = { path: this.#file.name, offset: element.offset, length: null, row: null };
      const detail = `The export is of the namespace ${JSON.stringify(element.ns.slice(0, 100))}; this build reads ${NS.portable}. Accounts and contacts in it are not recognised.`;
      this.#findings.push(finding('UNSUPPORTED_VERSION', place, { records: null, class: 'doubt', detail }));
    }
    if (element.ns === NS.portable && element.name === 'user') this.#account(element, stack);
    const parent = stack[stack.length - 1];
    // A stanza that brings a result of a query is no message of the archive itself.
    const brings = parent !== undefined && isStanza(parent) && isMam(element.ns) && element.name === 'result';
    if (brings && roleOf(parent, stack.slice(0, -1)) === 'stanza') this.#taken.delete(parent);
    if (stack.some((one) => this.#taken.has(one))) return;
    if (roleOf(element, stack) !== null) this.#taken.add(element);
  };

  #close = (element: OpenElement, stack: readonly OpenElement[], end: number): void => {
    if (isMam(element.ns) && element.name === 'fin' && element.attributes.get('complete') !== 'true') {
      const detail = 'The query result says of itself that it is not complete: further pages exist that are not here.';
      const place = { path: this.#file.name, offset: element.offset, length: end - element.offset, row: null };
      this.#findings.push(finding('NOT_COVERED', place, { records: 0, detail }));
    }
    if (!this.#taken.delete(element)) return;
    const role = roleOf(element, stack) ?? 'other';
    const context = this.#context(role, ownerOf(stack), element, stack);
    this.#records.add(element.offset, Math.min(end - element.offset, 0xffffffff), context);
  };

  /** Who is registered is a record of its own: the start tag of the user. */
  #account(element: OpenElement, stack: readonly OpenElement[]): void {
    const context = this.#context('account', ownerOf([...stack, element]), element, stack);
    const tag = this.#file.source.read(element.offset, 64 * 1024);
    const length = Math.max(1, tag.indexOf(0x3e) + 1);
    this.#records.add(element.offset, length, context);
  }

  #context(role: Role, owner: string | null, element: OpenElement, stack: readonly OpenElement[]): number {
    const namespaces = stack[stack.length - 1]?.namespaces ?? {};
    const name = JSON.stringify([role, owner, role === 'account' ? element.offset : 0, namespaces]);
    let context = this.#byName.get(name);
    if (context === undefined) {
      context = this.#contexts.push({ role, owner, namespaces }) - 1;
      this.#byName.set(name, context);
    }
    return context;
  }
}

/** What an element is by where it stands; null: no record. */
function roleOf(element: OpenElement, stack: readonly OpenElement[]): Role | null {
  const parent = stack[stack.length - 1];
  if (element.name === 'result' && isMam(element.ns)) return 'result';
  if (element.ns === NS.portable && ['server-data', 'host', 'user', 'offline-messages'].includes(element.name))
    return null;
  if (element.ns === NS.portableMam && element.name === 'archive') return null;
  if (parent?.ns === NS.portable && parent.name === 'offline-messages') return 'offline';
  if (element.name === 'query' && element.ns === NS.roster) return null;
  if (parent?.name === 'query' && parent.ns === NS.roster) return 'contact';
  if (element.ns === NS.vcard && element.name === 'vCard') return 'card';
  if (element.ns === NS.xinclude) return null;
  if (parent?.ns === NS.portable && parent.name === 'user') return 'other';
  return isStanza(element) && !stack.some(isStanza) ? 'stanza' : null;
}

function isStanza({ name, ns }: OpenElement): boolean {
  return name === 'message' && (ns === NS.client || ns === '');
}

/** Bare JID of the archive: user and host of an export, or whom the server sent the results to. */
function ownerOf(stack: readonly OpenElement[]): string | null {
  const user = stack.find((one) => one.ns === NS.portable && one.name === 'user')?.attributes.get('name');
  const host = stack.find((one) => one.ns === NS.portable && one.name === 'host')?.attributes.get('jid');
  if (user !== undefined) return host === undefined ? null : bareJid(`${user}@${host}`);
  const stanza = stack.find((one) => one.name === 'message' || one.name === 'iq');
  const [from, to] = [stanza?.attributes.get('from'), stanza?.attributes.get('to')];
  // Results of an account's own archive come from the account's bare JID or without a from (XEP-0313 section 3).
  if (to === undefined) return null;
  return from === undefined ? bareJid(to) : bareJid(from);
}

function read(bytes: Uint8Array, context: unknown): ArchiveRecord {
  const { role, owner, namespaces } = context as XmlContext;
  if (role === 'account')
    return { ...plain(owner), what: 'account', name: owner ?? '', credential: /\spassword\s*=/.test(textOf(bytes)) };
  const element = readElement(textOf(bytes), namespaces);
  const from = { ...plain(owner), stanza: element };
  if (role === 'result') return resultOf(element, owner);
  if (role === 'offline' || role === 'stanza') {
    const isMessage = element.name === 'message';
    const stamp = delayOf(element);
    const stored = stamp === null ? null : stampInstant(stamp);
    const fields = role === 'offline' ? ([['store', 'offline']] as const) : [];
    return { ...from, what: isMessage ? 'message' : 'other', name: `${element.name} stanzas`, stored, fields };
  }
  if (role === 'contact') return { ...from, what: 'contact', name: attribute(element, 'name') ?? '' };
  if (role === 'card') return { ...from, what: 'card', name: child(element, 'FN')?.text ?? '' };
  const isSecret = element.ns === NS.portableScram;
  return { ...from, what: 'other', name: `${element.name} (${element.ns})`.slice(0, 200), credential: isSecret };
}

function resultOf(result: XmlElement, owner: string | null): ArchiveRecord {
  const forwarded = child(result, 'forwarded', NS.forward);
  const stanza = forwarded === null ? null : (forwarded.children.find((one) => one.name === 'message') ?? null);
  if (forwarded === null || stanza === null) throw new XmlRefused('an archive result without a forwarded message');
  const stamp = delayOf(forwarded);
  const stored = stamp === null ? null : stampInstant(stamp);
  return { ...plain(owner), what: 'message', archiveId: attribute(result, 'id'), stored, stanza };
}

function delayOf(element: XmlElement): string | null {
  const delay = child(element, 'delay', NS.delay);
  return delay === null ? null : attribute(delay, 'stamp');
}

function plain(owner: string | null): ArchiveRecord {
  return { what: 'other', owner, archiveId: null, stored: null, stanza: null, peer: null, name: '', fields: [] };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}
