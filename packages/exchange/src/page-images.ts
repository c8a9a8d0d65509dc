/** A paragraph of a page; what `size` and `indent` leave out is the setter's own. */
export interface PageParagraph {
  readonly text: string;
  /** Points; `indent` from the margin. */
  readonly style?: {
    readonly size?: number;
    readonly bold?: boolean;
    readonly grey?: boolean;
    readonly indent?: number;
  };
}

/**
 * Sets documents on pages and makes an image of each page: the caller's port, for fonts and page setting are no part of
 * this package. Each document begins on a page of its own; a page bears at its foot what `foot` gives its place, counted
 * over all documents from 0. One list of TIFF files (Group 4, one page each) a document, in their order.
 */
export type PageImages = (
  documents: readonly (readonly PageParagraph[])[],
  foot: (page: number) => string,
) => Promise<readonly (readonly Uint8Array[])[]>;
