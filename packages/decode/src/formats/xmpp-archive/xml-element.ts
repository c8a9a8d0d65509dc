import { SaxesParser, type SaxesTagNS } from 'saxes';

/** An element with its namespace; `text` is the character data directly inside. */
export interface XmlElement {
  readonly name: string;
  readonly ns: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** In-scope namespaces by prefix; '' is the default one. */
export type Namespaces = Readonly<Record<string, string>>;

/** Nesting of elements. XMPP servers refuse far less. */
export const MOST_DEPTH = 64;
export const MOST_ATTRIBUTES = 256;
/** Characters of one stanza. */
export const LONGEST_STANZA: number = 16 * 1024 * 1024;

export class XmlRefused extends Error {}

interface Open {
  name: string;
  ns: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  text: string;
}

/**
 * Refuses what archives never need and attackers do: document types, deep nesting, many attributes. `onStart` is called for
 * each start tag: the parser has one handler an event, and another set later would take the place of this one.
 */
export function guard(
  parser: SaxesParser<{ xmlns: true }>,
  depth: () => number,
  onStart: (tag: { readonly name: string }) => void = () => {},
): void {
  let attributes = 0;
  parser.on('error', (error) => {
    throw new XmlRefused(error.message.replace(/^[^:]*:\d+:\d+: /, ''));
  });
  parser.on('doctype', () => {
    throw new XmlRefused('a document type is declared: refused, as its entities can be of any size and name any file');
  });
  parser.on('opentagstart', (tag) => {
    attributes = 0;
    if (depth() >= MOST_DEPTH) throw new XmlRefused(`elements nest deeper than ${MOST_DEPTH}`);
    onStart(tag);
  });
  parser.on('attribute', () => {
    if (++attributes > MOST_ATTRIBUTES) throw new XmlRefused(`an element has more than ${MOST_ATTRIBUTES} attributes`);
  });
}

/** The one element that a text is. Throws XmlRefused. */
export function readElement(text: string, namespaces: Namespaces = {}): XmlElement {
  if (text.length > LONGEST_STANZA) throw new XmlRefused(`longer than ${LONGEST_STANZA} characters`);
  const parser = new SaxesParser({ xmlns: true, fragment: true, additionalNamespaces: { ...namespaces } });
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  guard(parser, () => stack.length);
  parser.on('opentag', (tag) => stack.push(opened(tag)));
  parser.on('text', (data) => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += data;
  });
  parser.on('cdata', (data) => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += data;
  });
  parser.on('closetag', () => {
    const done = stack.pop() as Open;
    const parent = stack[stack.length - 1];
    if (parent !== undefined) parent.children.push(done);
    else if (root !== null) throw new XmlRefused('more than one element where one stands');
    else root = done;
  });
  parser.write(text).close();
  if (root === null) throw new XmlRefused('no element');
  return root;
}

function opened(tag: SaxesTagNS): Open {
  const attributes = new Map<string, string>();
  for (const { prefix, local, uri, value } of Object.values(tag.attributes)) {
    if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue;
    attributes.set(uri === '' ? local : `${uri} ${local}`, value);
  }
  return { name: tag.local, ns: tag.uri, attributes, children: [], text: '' };
}

/** The first child of that name and, where given, namespace. */
export function child(element: XmlElement, name: string, ns?: string): XmlElement | null {
  return element.children.find((one) => one.name === name && (ns === undefined || one.ns === ns)) ?? null;
}

export function attribute(element: XmlElement, name: string): string | null {
  return element.attributes.get(name) ?? null;
}
