import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { base64Decode } from '@custody/bytes';
import { expect, it } from 'vitest';
import { verifySignature } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { verifyTlogProof } from './tlog-proof.ts';
import { leafHash } from './tree.ts';
import { type VerifierKey, verifierKey } from './verifier-key.ts';

/** Bundles of sigstore-conformance as far as they are ours: an entry, its path, a checkpoint with the log's note signature. */
interface Entry {
  readonly logIndex: string;
  readonly canonicalizedBody: string;
  readonly inclusionProof?: {
    readonly logIndex: string;
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
}
interface Root {
  readonly tlogs: readonly {
    readonly baseUrl: string;
    readonly publicKey: { readonly rawBytes: string; readonly keyDetails: string };
  }[];
}

/** What fails there for another reason than the log: content, certificates and time-stamps are not looked at here. */
const NOT_THE_LOG = /rekor2-(dsse|timestamp|no-timestamp)|^trust-root/;

describeWithShared('sigstore-conformance, rekor v2', (shared) => {
  const assets = join(shared, 'vectors/integrity/sigstore-conformance/test/assets/bundle-verify');
  const names = globSync('rekor2-*', { cwd: assets }).map((path) => basename(path));

  it('are all there', () => expect(names.length).toBeGreaterThanOrEqual(26));

  it.each(names.sort())('%s', (name) => {
    const read = (file: string) => JSON.parse(readFileSync(join(assets, name, file), 'utf8')) as unknown;
    const { verificationMaterial } = read('bundle.sigstore.json') as { verificationMaterial: { tlogEntries: Entry[] } };
    const keys = keysOf(read('trusted_root.json') as Root);
    const mustFail = name.endsWith('_fail') && !NOT_THE_LOG.test(name);
    const verify = () => verifyEntry(verificationMaterial.tlogEntries[0] as Entry, keys);
    if (mustFail) expect(verify).toThrow();
    else expect(verify().size).toBeGreaterThan(0n);
  });
});

function keysOf({ tlogs }: Root): VerifierKey[] {
  return tlogs
    .filter(({ publicKey }) => publicKey.keyDetails === 'PKIX_ED25519')
    .map(({ baseUrl, publicKey }) => verifierKey(new URL(baseUrl).host, base64Decode(publicKey.rawBytes).subarray(12)));
}

function verifyEntry(entry: Entry, keys: readonly VerifierKey[]): { readonly size: bigint } {
  const proof = entry.inclusionProof;
  if (proof === undefined) throw new Error('there is no inclusion proof');
  const [origin] = proof.checkpoint.envelope.split('\n');
  const logKey = keys.find((key) => key.name === origin);
  if (logKey === undefined) throw new Error('no trusted key has the name of the checkpoint');
  const { envelope: checkpoint } = proof.checkpoint;
  const tlogProof = { index: BigInt(proof.logIndex), hashes: proof.hashes.map(base64Decode), checkpoint };
  return verifyTlogProof(tlogProof, leafHash(base64Decode(entry.canonicalizedBody)), {
    logKey,
    verify: verifySignature,
  });
}
