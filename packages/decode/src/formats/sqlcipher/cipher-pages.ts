import { isFault, type Origin, type PageFault, type PageSource } from '../../sqlite/page-source.ts';
import type { PageCipher } from './page-cipher.ts';

/** Pages from under a cipher. A page that does not authenticate is a fault: nothing of it is shown. */
export class CipherPages implements PageSource {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly #sealed: PageSource;
  readonly #cipher: PageCipher;
  /** Pages known to be bad; null: each page is checked when it is read. */
  readonly #bad: ReadonlySet<number> | null;

  /** `declaredPages` are promised by the header; those that the file lacks are faults when read. */
  constructor(
    sealed: PageSource,
    cipher: PageCipher,
    options: { readonly declaredPages?: number; readonly bad?: ReadonlySet<number> } = {},
  ) {
    this.#sealed = sealed;
    this.#cipher = cipher;
    this.#bad = options.bad ?? null;
    this.pageSize = sealed.pageSize;
    this.pageCount = Math.max(sealed.pageCount, options.declaredPages ?? 0);
  }

  read(page: number): Uint8Array | PageFault {
    if (page > this.#sealed.pageCount && page <= this.pageCount) {
      return { fault: `page ${page} lies beyond the end of the file` };
    }
    const sealed = this.#sealed.read(page);
    if (isFault(sealed)) return sealed;
    const fault = this.#fault(page, sealed);
    return fault === null ? this.#cipher.decrypt(page, sealed) : { fault };
  }

  /** Why a page cannot be used; null where it can. */
  #fault(page: number, sealed: Uint8Array): string | null {
    if (this.#bad !== null ? !this.#bad.has(page) : this.#cipher.settings.hmac === null) return null;
    if (this.#bad === null && this.#cipher.isAuthentic(page, sealed)) return null;
    // SQLCipher takes a page of zeros for one never written; it has no HMAC, so nothing vouches for it.
    if (isZero(sealed)) return `page ${page} is all zeros and was never encrypted`;
    return `the HMAC of page ${page} is wrong`;
  }

  offsetOf(page: number): number {
    return this.#sealed.offsetOf(page);
  }

  originOf(page: number): Origin {
    return this.#sealed.originOf(page);
  }
}

export function isZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
