import { UnavailableError, UsageError } from '@custody/bytes';

/** An HTTP answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  /** Without parameters, lower case. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Sends a body and waits for the answer. Throws UnavailableError NETWORK_UNAVAILABLE where there is none, UsageError
 * ARGUMENT_INVALID for what is no address.
 */
export type Post = (
  url: string,
  request: { readonly body: Uint8Array; readonly contentType: string },
) => Promise<HttpAnswer>;

/** An institution that takes longer is away. */
const TIMEOUT_MS = 30_000;
/** Longest answer that is read: tokens and signature lines have some kilobytes. */
const ANSWER_MAX = 1024 * 1024;

/** POST over http or https: no redirects, a limit on time and on the answer. */
export const httpPost: Post = postWithin(TIMEOUT_MS);

/** As httpPost, with another limit on time. */
export function postWithin(milliseconds: number): Post {
  return async (url, { body, contentType }) => {
    const address = readUrl(url);
    try {
      const response = await fetch(address, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { 'content-type': contentType },
        redirect: 'error',
        signal: AbortSignal.timeout(milliseconds),
      });
      return await readAnswer(response);
    } catch (cause) {
      if (cause instanceof UnavailableError) throw cause;
      const why =
        (cause as Error).name === 'TimeoutError' ? `nothing came for ${milliseconds / 1000} s` : reasonOf(cause);
      throw new UnavailableError('NETWORK_UNAVAILABLE', `${url} does not answer: ${why}`, { cause });
    }
  };
}

function readUrl(url: string): URL {
  const address = URL.parse(url);
  if (address === null || !['http:', 'https:'].includes(address.protocol)) {
    throw new UsageError('ARGUMENT_INVALID', `not an address: ${url}. It begins with http:// or https://`);
  }
  // The address is kept with the case in clear, and stands in messages.
  if (address.username !== '' || address.password !== '')
    throw new UsageError('ARGUMENT_INVALID', `an address with a name or password in it is not used: ${address.host}`);
  return address;
}

async function readAnswer(response: Response): Promise<HttpAnswer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > ANSWER_MAX) throw new UnavailableError('NETWORK_UNAVAILABLE', `${response.url} answers without end`);
    parts.push(part);
  }
  const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return { status: response.status, contentType, body: new Uint8Array(Buffer.concat(parts)) };
}

/** fetch hides the system's reason one level down. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as {
    cause?: { code?: string; message?: string };
    message?: string;
  };
  return cause?.code ?? cause?.message ?? message ?? 'no reason given';
}
