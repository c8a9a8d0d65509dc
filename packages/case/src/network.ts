/** An HTTP answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  /** Without parameters, lower case. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Sends a body and waits for the answer. Filled by the caller, for HTTP is not a matter of the case. Throws UnavailableError
 * where there is no answer.
 */
export type Post = (
  url: string,
  request: { readonly body: Uint8Array; readonly contentType: string },
) => Promise<HttpAnswer>;
