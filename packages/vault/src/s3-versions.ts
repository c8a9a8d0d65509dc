import type { S3Connection } from './s3-connection.ts';
import { HttpFault } from './s3-fault.ts';
import { textOf } from './s3-list.ts';

export interface ListedVersion {
  readonly key: string;
  readonly version: string;
  /** 0 for a delete marker. */
  readonly length: number;
  readonly deleteMarker: boolean;
}

/** All versions and delete markers under a prefix (ListObjectVersions); newest first within a key. */
export async function* listVersions(
  connection: S3Connection,
  prefix: string,
): AsyncGenerator<ListedVersion, void, undefined> {
  let marker: { key: string; version: string } | null = null;
  do {
    const query = new URLSearchParams({ 'encoding-type': 'url', 'max-keys': '1000', prefix, versions: '' });
    if (marker !== null) {
      query.set('key-marker', marker.key);
      query.set('version-id-marker', marker.version);
    }
    query.sort();
    const { body } = await connection.send({ method: 'GET', query: query.toString().replaceAll('+', '%20') });
    const xml = body.toString('utf8');
    // AWS calls it ListVersionsResult, and so does Ceph.
    if (!xml.includes('<ListVersionsResult')) throw new HttpFault(200);
    for (const [, element, inner] of xml.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs)) {
      yield readVersion(element as string, inner as string);
    }
    marker = textOf(xml, 'IsTruncated') === 'true' ? nextMarker(xml) : null;
  } while (marker !== null);
}

function readVersion(element: string, inner: string): ListedVersion {
  const deleteMarker = element === 'DeleteMarker';
  const key = textOf(inner, 'Key');
  const version = textOf(inner, 'VersionId');
  const length = deleteMarker ? 0 : Number(textOf(inner, 'Size') ?? Number.NaN);
  if (key === null || version === null || !Number.isSafeInteger(length)) throw new HttpFault(200);
  return { key: decoded(key), version, length, deleteMarker };
}

function nextMarker(xml: string): { key: string; version: string } {
  const key = textOf(xml, 'NextKeyMarker');
  if (key === null) throw new HttpFault(200);
  return { key: decoded(key), version: textOf(xml, 'NextVersionIdMarker') ?? '' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new HttpFault(200);
  }
}
