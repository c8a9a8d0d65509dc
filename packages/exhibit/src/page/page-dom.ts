/** The little of the web platform that the page's script uses: it has neither network nor storage. */
export interface PageElement {
  innerHTML: string;
  textContent: string | null;
  value: string;
  lang: string;
  readonly dataset: Record<string, string>;
  readonly files: ArrayLike<{ arrayBuffer(): Promise<ArrayBuffer> }> | null;
  addEventListener(type: string, act: () => void): void;
}

export interface PageDocument {
  title: string;
  readonly documentElement: PageElement;
  readonly body: PageElement;
  readonly currentScript: PageElement | null;
  getElementById(id: string): PageElement | null;
}

/** The document that the script runs in. */
export function pageDocument(): PageDocument {
  return (globalThis as unknown as { readonly document: PageDocument }).document;
}

/** Throws where the page is not the one that this script belongs to. */
export function elementOf(page: PageDocument, id: string): PageElement {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}
