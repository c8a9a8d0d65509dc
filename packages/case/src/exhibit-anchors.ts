import { base64Encode, CustodyError, utf8Decode, utf8Encode } from '@custody/bytes';
import { encodeVerifierKey, readVerifierKey, type VerifierKey } from '@custody/chain';
import { anchorName, type ExhibitAnchor } from '@custody/exhibit';
import { type AnchorAbout, readAbout, readPart, type StoredAnchor, storedAnchors } from './anchors/anchor-objects.ts';
import { anchoredCheckpoint } from './anchors/verify-anchors.ts';
import type { ExhibitLog } from './exhibit-entries.ts';
import type { ExhibitNotes } from './exhibit-notes.ts';
import type { Case } from './open-case.ts';

/** Statements that one exhibit carries: one for each authority and each group of witnesses. */
const MOST_ANCHORS = 20;

export interface FoundAnchor {
  readonly stored: StoredAnchor;
  readonly about: AnchorAbout;
  readonly size: number;
  readonly note: string;
}

/** Statements of others about a log at one size, as far as they hold. */
export interface SoundAnchors {
  readonly found: readonly FoundAnchor[];
  /** Statements that do not hold, and those about a checkpoint by another key. */
  readonly unsound: number;
  readonly byOthers: number;
}

interface AnchorTerms {
  readonly log: ExhibitLog;
  readonly sound: SoundAnchors;
  /** Newest entry that a shown item lies in. */
  readonly newest: number;
  /** Takes what is left out. */
  readonly notes: ExhibitNotes;
}

/** What others stated of the log up to the exhibit's size, for an exhibit. */
export interface ShownAnchors {
  readonly anchors: readonly ExhibitAnchor[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * For each authority and group of witnesses its earliest statement that covers every shown item; where none does, its
 * latest. A statement that does not hold is left out, and a note says so.
 */
export async function exhibitAnchors(opened: Case, terms: AnchorTerms): Promise<ShownAnchors> {
  const { found, unsound, byOthers } = terms.sound;
  const groups = [...Map.groupBy(found, ({ about }) => speaker(about)).values()];
  const chosen = groups
    .map((group) => group.find(({ size }) => size > terms.newest) ?? (group.at(-1) as FoundAnchor))
    .sort((a, b) => a.size - b.size)
    .slice(0, MOST_ANCHORS);
  const files = new Map<string, Uint8Array>();
  const anchors: ExhibitAnchor[] = [];
  for (const one of chosen)
    anchors.push(await shown(opened, one, { log: terms.log, number: anchors.length + 1, files }));
  terms.notes.add('unsound', { n: unsound });
  terms.notes.add('otherKey', { n: byOthers });
  terms.notes.add('moreAnchors', { n: groups.length - chosen.length });
  return { anchors, files };
}

/**
 * Verifies what others stated of the log up to `size`. `logKey` signed the exhibit's checkpoint: a statement about a
 * checkpoint by another key cannot be shown with it.
 */
export async function soundAnchors(
  { vault, ledger }: Case,
  { size: most, logKey }: { readonly size: number; readonly logKey: VerifierKey },
): Promise<SoundAnchors> {
  const found: FoundAnchor[] = [];
  let [unsound, byOthers] = [0, 0];
  for (const stored of storedAnchors(ledger)) {
    if (stored.entry >= most) continue;
    try {
      const about = readAbout(await readPart(vault, ledger, stored, 'about'), stored.label);
      const witnesses = about.type === 'cosignature' ? about.witnesses.map(({ key }) => readVerifierKey(key)) : [];
      const { size } = await anchoredCheckpoint(vault, ledger, { anchor: stored, logKey, witnesses });
      const note = utf8Decode((await readPart(vault, ledger, stored, 'checkpoint')) ?? new Uint8Array(0));
      const signer = encodeVerifierKey(ledger.keys.ofCheckpoint(note));
      if (signer === encodeVerifierKey(logKey)) found.push({ stored, about, size: Number(size), note });
      else byOthers++;
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
      unsound++;
    }
  }
  return { found, unsound, byOthers };
}

function speaker(about: AnchorAbout): string {
  if (about.type === 'rfc3161') return `tsa ${about.url}`;
  return `witnesses ${about.witnesses
    .map(({ key }) => key)
    .sort()
    .join(' ')}`;
}

async function shown(
  { vault, ledger }: Case,
  { stored, about, size, note }: FoundAnchor,
  into: { readonly log: ExhibitLog; readonly number: number; readonly files: Map<string, Uint8Array> },
): Promise<ExhibitAnchor> {
  const { log, number, files } = into;
  const put = async (part: 'token' | 'authority', file: Parameters<typeof anchorName>[1]) => {
    const bytes = await readPart(vault, ledger, stored, part);
    if (bytes !== null) files.set(anchorName(number, file), bytes);
    return bytes !== null;
  };
  files.set(anchorName(number, 'checkpoint'), utf8Encode(note));
  const stamped = about.type === 'rfc3161' && (await put('token', 'token.tsr'));
  return {
    ...{ size, checkpoint: note, consistency: log.consistencyFrom(size).map(base64Encode) },
    witnesses: about.type === 'cosignature' ? about.witnesses.map(({ key }) => key) : [],
    tsa: stamped ? about.url : null,
    authority: stamped && (await put('authority', 'authority.pem')),
  };
}
