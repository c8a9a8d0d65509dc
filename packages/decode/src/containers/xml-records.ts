import type { CaptureFile } from '../format.ts';
import {
  LONGEST_STANZA,
  type Namespaces,
  readElement,
  type XmlElement,
  XmlRefused,
} from '../formats/xmpp-archive/xml-element.ts';
import { walkXml } from '../formats/xmpp-archive/xml-walk.ts';
import { finding } from '../make-finding.ts';
import type { Container } from '../profile/profile.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport, LostStretch } from './container-report.ts';
import type { RecordStore } from './record-store.ts';

const XINCLUDE = 'http://www.w3.org/2001/XInclude';

type JsonValue = string | { readonly [name: string]: JsonValue } | readonly JsonValue[];

/** Elements of one name, wherever they stand but inside each other. Document types, and with them entities, are refused. */
export function readXmlRecords(
  { name, source }: CaptureFile,
  { record }: Extract<Container, { kind: 'xml' }>,
  store: RecordStore,
): ContainerReport {
  let row = 0;
  let open = 0;
  let includes = 0;
  const broken = walkXml(
    source,
    {
      open: ({ name: opened, ns }) => {
        if (opened === record) open++;
        if (opened === 'include' && ns === XINCLUDE) includes++;
      },
      close: ({ name: closed, offset, namespaces }, _stack, end) => {
        if (closed !== record || --open > 0) return;
        row++;
        add(
          source.read(offset, Math.min(end - offset, LONGEST_STANZA + 1)),
          { row, offset, length: end - offset },
          { store, namespaces },
        );
      },
    },
    { offset: 0, ancestors: [] },
  );
  if (broken !== null && row === 0) throw new ContainerFailure(`the file cannot be read as XML: ${broken.damage.why}`);
  const lost: LostStretch[] = [];
  if (broken !== null) {
    const { offset, why } = broken.damage;
    lost.push({ offset, length: source.length - offset, detail: `the XML cannot be read on from here: ${why}` });
  }
  const detail = `${includes} XInclude(s) name other files: none is followed. Such a file is a capture of its own.`;
  const findings =
    includes === 0 ? [] : [finding('REFERENCED_BUT_ABSENT', name, { records: null, class: 'doubt', detail })];
  return { columns: [], lost, findings };
}

function add(
  bytes: Uint8Array,
  place: { row: number; offset: number; length: number },
  { store, namespaces }: { store: RecordStore; namespaces: Namespaces },
): void {
  try {
    const element = readElement(Buffer.from(bytes).toString('utf8'), namespaces);
    store.add(Buffer.from(JSON.stringify(jsonOf(element))), place, bytes);
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    store.problem(error.message, place);
  }
}

/** An element without attributes and children is its text. */
function jsonOf({ attributes, children, text }: XmlElement): JsonValue {
  if (attributes.size === 0 && children.length === 0) return text;
  const out = new Map<string, JsonValue[]>();
  for (const [name, value] of attributes) out.set(`@${name}`, [value]);
  for (const child of children) out.set(child.name, [...(out.get(child.name) ?? []), jsonOf(child)]);
  if (text.trim() !== '') out.set('#text', [text]);
  return Object.fromEntries(
    [...out].map(([name, values]) => [name, values.length === 1 ? (values[0] as JsonValue) : values]),
  );
}
