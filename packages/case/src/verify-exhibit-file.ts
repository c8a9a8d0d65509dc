import { CustodyError, utf8Encode } from '@custody/bytes';
import { readVerifierKey, readWitnessPolicy, type WitnessPolicy } from '@custody/chain';
import { EXTRACTOR_VERSION } from '@custody/entities';
import {
  anchorName,
  checkViews,
  type ExhibitDocument,
  type ExhibitMembers,
  type ExhibitVerdict,
  MENTIONS_NOT_CHECKED,
  PAGE_NAME,
  type ProvenAnchor,
  readZip,
  verifyExhibit,
} from '@custody/exhibit';
import { verifyEd25519 } from '@custody/segment';
import {
  readAuthorities,
  readLists,
  readStamp,
  type Stamp,
  type StampTerms,
  unlistedCertificates,
} from './anchors/read-stamp.ts';
import { isRepeated, mentionsOfLeaf, RegionExtractors } from './exhibit-mentions.ts';
import type { Failure } from './failure.ts';
import { toolBuild } from './tool-build.ts';

type MentionsState = 'none' | 'found again' | 'not repeated: another extractor';

/** The verdict on an exhibit file: proven, or the first thing that does not hold. */
export type ExhibitFileVerdict =
  | (ExhibitVerdict & {
      /** Time-stamps in it that were found sound. */
      readonly timestamps: readonly Stamp[];
      /** Whether enough of the reader's witnesses cosigned; null where the reader brought no policy. */
      readonly quorum: boolean | null;
      /** Whether the page was rendered again and is the same, or was made by another build and not compared. */
      readonly page: 'agrees' | 'not compared: made by another build';
      /** Whether what was found in the texts was found again by the extractor of this build. */
      readonly mentions: MentionsState;
      readonly failures: readonly Failure[];
    })
  | { readonly kind: 'exhibit'; readonly ok: false; readonly failures: readonly Failure[] };

const PAGE_NOT_COMPARED: string = `${PAGE_NAME}: THE PAGE IS NOT PROVEN, it was made by another build of custody and may show anything. What is proven stands in exhibit.json; the build named there makes the page again`;

/** About the file as a whole, not about what it shows. */
const MENDABLE: ReadonlySet<string> = new Set(['EXHIBIT_UNREADABLE', 'EXHIBIT_TOO_LARGE']);

/** What the reader of an exhibit knows from elsewhere. */
export interface ExhibitKnowledge {
  /** PEM or DER certificates of the time-stamping authority that the reader trusts. */
  readonly authorities?: Uint8Array;
  /** Revocation lists of that authority, PEM or DER. */
  readonly lists?: readonly Uint8Array[];
  /** C2SP tlog-policy: the witnesses that the reader trusts, and how many of them it takes. */
  readonly policy?: string;
}

/**
 * Verifies an exhibit ZIP offline: no case, no identity, no network. What does not hold is the verdict; thrown is what the
 * caller can mend: VERIFIER_KEY_MALFORMED for the pinned key, EXHIBIT_UNREADABLE, EXHIBIT_TOO_LARGE, a policy or
 * certificate file that is none, a store that is away.
 */
export async function verifyExhibitFile(
  path: string,
  verifierKey?: string,
  known: ExhibitKnowledge = {},
): Promise<ExhibitFileVerdict> {
  if (verifierKey !== undefined) readVerifierKey(verifierKey);
  const policy = known.policy === undefined ? null : readWitnessPolicy(known.policy);
  const pinned = known.authorities === undefined ? null : await readAuthorities(known.authorities);
  const lists = (await Promise.all((known.lists ?? []).map(readLists))).flat();
  try {
    const members = await readZip(path);
    const { verdict, document, payload } = verifyExhibit(members, {
      verify: verifyEd25519,
      checkedElsewhere: ['tokens', ...(policy === null ? [] : ['witnesses' as const])],
      ...(verifierKey !== undefined && { verifierKey }),
    });
    const timestamps = await stampsIn(document, payload, { pinned, lists });
    const quorum = policy === null ? null : quorumOf(verdict.anchors, policy);
    if (quorum === false) return refused('log', 'WITNESS_QUORUM_MISSING', QUORUM_MISSING);
    const page = checkViews(document, payload, toolBuild().build);
    const mentions = repeatMentions(document);
    if (typeof mentions === 'number')
      return refused(
        PAGE_NAME,
        'EXHIBIT_MENTION_MISMATCH',
        `a mention in item ${mentions} is not what the extractor finds in its text: it was edited`,
      );
    const left = verdict.notChecked.filter((line) => mentions !== 'found again' || line !== MENTIONS_NOT_CHECKED);
    const notChecked = [...left, ...unknownAuthorities(timestamps), ...unlistedCertificates(timestamps)];
    const found = { ...verdict, timestamps, quorum, mentions, failures: [] };
    if (page === 'equal') return { ...found, notChecked, page: 'agrees' };
    return { ...found, notChecked: [PAGE_NOT_COMPARED, ...notChecked], page: 'not compared: made by another build' };
  } catch (error) {
    if (!(error instanceof CustodyError) || MENDABLE.has(error.code) || error.family === 'unavailable') throw error;
    const object = typeof error.detail.name === 'string' ? error.detail.name : path;
    return refused(object, error.code, error.message);
  }
}

const QUORUM_MISSING =
  'no checkpoint in this exhibit has the cosignatures that the policy asks for: nobody it names saw this log';

function refused(object: string, code: string, message: string): ExhibitFileVerdict {
  return { kind: 'exhibit', ok: false, failures: [{ object, code, message }] };
}

/** Finds the mentions again in what the exhibit shows. Returns the LeafIndex of an item with one that is not there. */
function repeatMentions({ mentions = [], leaves }: ExhibitDocument): MentionsState | number {
  if (mentions.length === 0) return 'none';
  if (mentions.some((one) => one.extractor !== EXTRACTOR_VERSION)) return 'not repeated: another extractor';
  const byIndex = new Map(leaves.map((leaf) => [leaf.index, leaf]));
  const extractors = new RegionExtractors();
  for (const one of mentions) {
    const leaf = byIndex.get(one.index);
    if (leaf === undefined || !isRepeated(one, mentionsOfLeaf(leaf, one.region, extractors))) return one.index;
  }
  return 'found again';
}

/** Every token of the exhibit against its checkpoint. Throws as `readStamp` does. */
async function stampsIn(
  { anchors }: ExhibitDocument,
  payload: ExhibitMembers,
  trust: Pick<StampTerms, 'pinned' | 'lists'>,
): Promise<readonly Stamp[]> {
  const stamps: Stamp[] = [];
  for (const [i, { size, checkpoint, tsa }] of anchors.entries()) {
    const token = payload.get(anchorName(i + 1, 'token.tsr'));
    if (tsa === null || token === undefined) continue;
    const kept = payload.get(anchorName(i + 1, 'authority.pem')) ?? null;
    stamps.push(await readStamp({ token, checkpoint: utf8Encode(checkpoint), size, url: tsa, kept, ...trust }));
  }
  return stamps;
}

function unknownAuthorities(stamps: readonly Stamp[]): string[] {
  if (stamps.every(({ authoritySource }) => authoritySource === 'pinned')) return [];
  return ['whose certificates the time-stamping authorities\u2019 are: name those you trust with --tsa-ca'];
}

/** Whether one checkpoint was cosigned by enough of the witnesses that the reader trusts. */
function quorumOf(anchors: readonly ProvenAnchor[], policy: WitnessPolicy): boolean {
  if (policy.isQuorum([])) return true;
  return anchors.some(({ witnesses }) => policy.isQuorum(witnesses.map(({ key }) => readVerifierKey(key))));
}
