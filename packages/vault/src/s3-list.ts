import type { S3Connection } from './s3-connection.ts';
import { HttpFault } from './s3-fault.ts';

export interface ListedKey {
  readonly key: string;
  readonly length: number;
}

/**
 * All keys under a prefix, in the order of their bytes (ListObjectsV2). The answer is taken apart here: the client's
 * own reader turns keys that look like numbers into numbers, so `0010` comes back as `10`.
 */
export async function* listKeys(connection: S3Connection, prefix: string): AsyncGenerator<ListedKey, void, undefined> {
  let token: string | null = null;
  do {
    const query = new URLSearchParams({ 'encoding-type': 'url', 'list-type': '2', 'max-keys': '1000', prefix });
    if (token !== null) query.set('continuation-token', token);
    query.sort();
    const { body } = await connection.send({ method: 'GET', query: query.toString().replaceAll('+', '%20') });
    const xml = body.toString('utf8');
    if (!xml.includes('<ListBucketResult')) throw new HttpFault(200);
    for (const [, contents] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = textOf(contents as string, 'Key');
      const length = Number(textOf(contents as string, 'Size') ?? Number.NaN);
      if (key === null || !Number.isSafeInteger(length)) throw new HttpFault(200);
      yield { key: decodeURIComponent(key.replaceAll('+', ' ')), length };
    }
    token = textOf(xml, 'IsTruncated') === 'true' ? textOf(xml, 'NextContinuationToken') : null;
  } while (token !== null);
}

/** The text of the first element of that name, which holds text only. */
export function textOf(xml: string, element: string): string | null {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  if (text === undefined) return null;
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
