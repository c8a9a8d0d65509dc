import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../byte-source.ts';
import type { CaptureFile } from '../format.ts';
import { readElement, type XmlElement, XmlRefused } from '../formats/xmpp-archive/xml-element.ts';
import { walkXml } from '../formats/xmpp-archive/xml-walk.ts';
import { finding } from '../make-finding.ts';
import type { Scratch } from '../scratch.ts';
import { listMembers, unpackMember, type ZipMember } from '../zip/index.ts';
import { ContainerFailure } from './container-failure.ts';

/** A workbook unpacks to no more than this, whatever its members say of themselves. */
const LIMITS = { bytes: 16 * 2 ** 30, ratio: 100, free: 32 * 2 ** 20 } as const;
/** Characters of all shared strings, which are kept in memory. */
const MOST_SHARED: number = 256 * 1024 * 1024;
const LONGEST_PART: number = 16 * 1024 * 1024;

/** Rows of a sheet (ECMA-376 18.3.1.73; Excel's limits). */
const MOST_ROWS = 1_048_576;

/** The number that a row bears, or that of its place where it bears none that a sheet can have. */
export function rowNumber(element: XmlElement, before: number): number {
  const stated = Number(element.attributes.get('r') ?? before + 1);
  return Number.isInteger(stated) && stated >= 1 && stated <= MOST_ROWS ? stated : before + 1;
}

/** A member of the workbook, unpacked to scratch. Null where there is none of that name. */
export class XlsxParts {
  readonly #file: CaptureFile;
  readonly #scratch: Scratch;
  readonly #members: ReadonlyMap<string, ZipMember>;
  readonly #changed = new Set<string>();

  constructor(file: CaptureFile, scratch: Scratch) {
    this.#file = file;
    this.#scratch = scratch;
    const { members } = listMembers(file.source);
    this.#members = new Map(members.map((member) => [member.name, member]));
    if (!this.#members.has('xl/workbook.xml')) throw new ContainerFailure('the file is no XLSX workbook');
  }

  async part(name: string): Promise<ByteSource | null> {
    const member = this.#members.get(name);
    if (member === undefined) return null;
    const out = this.#scratch.create();
    const unpacked = await unpackMember(this.#file.source, member, {
      password: null,
      limits: LIMITS,
      onBytes: (bytes) => out.append(bytes),
    });
    if (unpacked.end === 'whole') {
      if (unpacked.crcMatches === false || unpacked.length !== member.size) this.#changed.add(name);
      return this.#scratch.open(out.finish());
    }
    out.discard();
    const { end } = unpacked;
    const why = end === 'limit' ? 'unpacks to far more than its size: a ZIP bomb' : `cannot be unpacked (${end})`;
    throw new ContainerFailure(`the member ${name} of the workbook ${why}`);
  }

  /** Members whose check value or length is another than the ZIP says. They are read all the same. */
  changed(): Finding[] {
    return [...this.#changed].map((name) => {
      const detail =
        'The content of this member is not what the ZIP says it was (CRC-32 or length): rows may be missing or changed.';
      return finding('UNIT_UNVERIFIED', `${this.#file.name}!${name}`, { records: null, class: 'doubt', detail });
    });
  }

  /** A small member as one element. */
  async element(name: string): Promise<XmlElement | null> {
    const part = await this.part(name);
    if (part === null) return null;
    if (part.length > LONGEST_PART) throw new ContainerFailure(`the member ${name} of the workbook is too long`);
    const text = Buffer.from(part.read(0, part.length))
      .toString('utf8')
      .replace(/^\ufeff?<\?xml[^>]*\?>\s*/, '');
    try {
      return readElement(text);
    } catch (error) {
      if (error instanceof XmlRefused)
        throw new ContainerFailure(`the member ${name} of the workbook: ${error.message}`);
      throw error;
    }
  }

  /** ECMA-376 18.4: the texts that cells refer to by number. */
  async sharedStrings(): Promise<readonly string[]> {
    const part = await this.part('xl/sharedStrings.xml');
    const strings: string[] = [];
    if (part === null) return strings;
    let kept = 0;
    const broken = eachElement(part, 'si', (element) => {
      const text = textOf(element);
      kept += text.length;
      if (kept > MOST_SHARED) throw new ContainerFailure('the shared strings of the workbook are too long');
      strings.push(text);
    });
    if (broken !== null) throw new ContainerFailure(`the shared strings of the workbook: ${broken.why}`);
    return strings;
  }
}

/** Elements of one name, each read whole. Returns where the XML stops being XML. */
export function eachElement(
  source: ByteSource,
  wanted: string,
  onElement: (element: XmlElement, place: { offset: number; length: number }) => void,
): { readonly offset: number; readonly why: string } | null {
  const events = {
    open: () => {},
    close: (
      { name, offset, namespaces }: { name: string; offset: number; namespaces: Readonly<Record<string, string>> },
      _stack: unknown,
      end: number,
    ) => {
      if (name !== wanted) return;
      const bytes = source.read(offset, end - offset);
      onElement(readElement(Buffer.from(bytes).toString('utf8'), namespaces), { offset, length: end - offset });
    },
  };
  return walkXml(source, events, { offset: 0, ancestors: [] })?.damage ?? null;
}

/** The text of a string item: of its `t` and those of its runs; phonetic readings are left out. */
export function textOf(element: XmlElement): string {
  return element.children
    .map((child) => (child.name === 't' ? child.text : child.name === 'r' ? textOf(child) : ''))
    .join('');
}
