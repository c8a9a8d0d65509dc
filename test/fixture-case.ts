import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addAuthority,
  type Case,
  type CreateOptions,
  createCase,
  type IngestOptions,
  ingest,
  type Person,
} from '@custody/case';
import { readKeyFiles } from '@custody/decode';
import { coverTiles, openTile, partPlaintext, tileParts } from '@custody/search';
import { segmentLabel } from '@custody/segment';
import { openVault } from '@custody/vault';

export const whatsAppFixtures: string = fileURLToPath(new URL('../fixtures/whatsapp/', import.meta.url));
const WARRANT = 'W-2024-017';

/** A case at `location` with the fixture's warrant, which leaves some items out and names a lawyer, and no capture. */
export async function fixtureCase(
  location: string,
  person: Person,
  recipients: CreateOptions['recipients'] = [],
  originals?: CreateOptions['originals'],
): Promise<Case> {
  const place = originals === undefined ? {} : { originals };
  const opened = await createCase(location, { person, title: 'a fixture', recipients, ...place });
  await addAuthority(opened, await readFile(join(whatsAppFixtures, 'warrant.json'), 'utf8'));
  return opened;
}

/** Takes in a WhatsApp fixture (a name or an absolute path), with the fixtures' keyring unless other keys are given. */
export async function ingestFixture(
  opened: Case,
  name: string,
  options: Partial<IngestOptions> = {},
): Promise<Awaited<ReturnType<typeof ingest>>> {
  const bytes = await readFile(join(whatsAppFixtures, 'keyring.json'));
  const key = await readFile(join(whatsAppFixtures, 'key'));
  const { keys } = readKeyFiles([{ name: 'keyring.json', bytes }], () => key);
  const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };
  return ingest(opened, resolve(whatsAppFixtures, name), { authority: WARRANT, keys, receipt, ...options });
}

/**
 * SHA-256 of the opened plaintext of every part of the widest tiles there are, by `D/U-P.PART` or `LEVEL/NUMBER.PART`;
 * `missing` where a segment is in no whole tile.
 */
export async function tileDigests(opened: Case): Promise<ReadonlyMap<string, string>> {
  const identities = opened.held.evidence === undefined ? [] : opened.held.evidence.all;
  const digests = new Map<string, string>();
  const segments = opened.ledger.segments.map(({ first, ordinal, ...key }) => ({
    label: segmentLabel(key),
    first,
    ordinal,
  }));
  for (const { tile, segments: covered } of await coverTiles(opened.vault, segments, new Map())) {
    const label = tile === null ? (covered[0]?.label as string) : `${tile.level}/${tile.number}`;
    const narrow = tile === null ? await openTile(opened.vault, label, identities) : null;
    for (const part of tileParts) {
      const plain =
        tile === null ? await narrow?.readPart(part) : await partPlaintext(opened.vault, { tile, part }, identities);
      const digest = plain === undefined ? 'missing' : createHash('sha256').update(plain).digest('hex');
      digests.set(`${label}.${part}`, digest);
    }
  }
  return digests;
}

/** Where a case on the test suite's S3 server lies, and the environment that opens it. */
export function s3Place(server: string, prefix: string): { location: string; env: Record<string, string> } {
  const url = new URL(server);
  return {
    location: `s3:/${url.pathname}/${prefix}`,
    env: {
      CUSTODY_S3_ENDPOINT: url.origin,
      CUSTODY_S3_ACCESS_KEY: url.username,
      CUSTODY_S3_SECRET_KEY: url.password,
    },
  };
}

/** The same case with the same secrets at another place, without what is derived. */
export async function forkCase(from: Case, location: string): Promise<void> {
  const target = await openVault(location);
  const names: string[] = [];
  for await (const { name } of from.vault.list('')) if (!name.startsWith('index/')) names.push(name);
  await Promise.all(names.map(async (name) => target.create(name, await from.vault.read(name))));
}
