import type { CommitObject } from '@custody/chain';
import { hasMergedTile, segmentsOf as segmentsUnder } from '@custody/search';
import {
  type ContentCompartment,
  type LoggedSegment,
  partName,
  type Rewrite,
  rewriteSegment,
  type SegmentKeys,
  segmentLabel,
} from '@custody/segment';
import type { CaseCapture } from './case-state.ts';
import { earlierIndexObjects } from './earlier-indexes.ts';
import { usage } from './errors.ts';
import { indexSegments } from './index-case.ts';
import { outdatedLinks } from './links/outdated-links.ts';
import { mergeIndex } from './merge-index.ts';
import type { Case } from './open-case.ts';
import { outdatedOrders } from './ordered/order-object.ts';
import type { Progress } from './progress.ts';
import { outdatedMerged, outdatedTileObjects } from './queried-tiles.ts';
import { recordsOfCapture } from './raw-survivors.ts';
import { movesOf } from './reseal-moves.ts';
import { STRETCH_PREFIX } from './stretches/stretch-object.ts';

/** Segments written anew in one commit. */
const SEGMENTS_A_COMMIT = 16;

/** One order or decision that was carried out to the end now. */
export interface FinishedRewrite {
  readonly entry: number;
  readonly kind: 'expunge' | 'dispose';
  /** Segments of which parts were written anew. */
  readonly segments: number;
  /** Objects that were destroyed, index tiles among them. */
  readonly destroyed: number;
  /** It had been finished before, and objects stood again: a backup was restored. */
  readonly again: boolean;
}

/**
 * Carries every order and decision of the log out to its end, in their order: next generations are written and committed,
 * index tiles built from them, then what is superseded is destroyed, secrets first. Any number of times, by anybody
 * who holds `source`, `evidence` and `log`, from wherever it was interrupted.
 */
export async function finishRewrites(
  opened: Case,
  options: { readonly progress?: Progress } = {},
): Promise<readonly FinishedRewrite[]> {
  const out: FinishedRewrite[] = [];
  for (const rewrite of [...opened.ledger.rewrites.all]) {
    const isFinished = opened.state.history.finished.has(rewrite.entry);
    const standing = await standingOf(opened, rewrite);
    if (isFinished && standing.length === 0) continue;
    out.push(await finishOne(opened, rewrite, { again: isFinished, ...options }));
  }
  return out;
}

/** Orders and decisions that are not carried out to the end, or of which destroyed objects stand again; by entry. */
export async function unfinishedRewrites(opened: Case): Promise<readonly number[]> {
  const out: number[] = [];
  for (const rewrite of opened.ledger.rewrites.all) {
    if (!opened.state.history.finished.has(rewrite.entry)) out.push(rewrite.entry);
    else if ((await standingOf(opened, rewrite)).length > 0) out.push(rewrite.entry);
  }
  return out;
}

async function finishOne(
  opened: Case,
  rewrite: Rewrite,
  { again, progress }: { readonly again: boolean; readonly progress?: Progress },
): Promise<FinishedRewrite> {
  const kind = opened.ledger.entries[rewrite.entry]?.kind === 'dispose' ? 'dispose' : 'expunge';
  const written = await writeGenerations(opened, rewrite, { kind, ...(progress && { progress }) });
  await indexAgain(opened, segmentsOf(opened, rewrite));
  const names = await standingOf(opened, rewrite);
  for (const name of names) await opened.vault.destroy(name);
  // Late jobs still hold what these tiles were made from: an empty object bars the name.
  for (const name of tileObjectsBefore(opened, rewrite)) await opened.vault.destroy(name);
  const result = { entry: rewrite.entry, kind, segments: written, destroyed: names.length, again } as const;
  await opened.append([
    opened.draft(kind, {
      subject: new Map<string, string | number>([
        ['act', 'done'],
        ['of', rewrite.entry],
      ]),
      detail: new Map<string, string | number | boolean>([
        ['again', again],
        ['destroyed', names.length],
        ['segments', written],
      ]),
    }),
  ]);
  return result;
}

/**
 * Tiles of what was written anew, and of its neighbours in merged tiles, which have none of their own; then these tiles
 * are merged again. All before the old ones go, so that no query finds less in between.
 */
async function indexAgain(opened: Case, rewritten: readonly LoggedSegment[]): Promise<void> {
  const { vault, ledger } = opened;
  const again = new Set(rewritten);
  const known = new Set<string>();
  for (const tile of rewritten.flatMap((segment) => outdatedMerged(ledger, segment))) {
    const name = `${tile.level}/${tile.number}/${tile.generation}`;
    if (known.has(name) || !(await hasMergedTile(vault, tile))) continue;
    known.add(name);
    const width = segmentsUnder(tile.level);
    for (const one of ledger.segments.slice(tile.number * width, (tile.number + 1) * width)) again.add(one);
  }
  await indexSegments(opened, [...again]);
  if (known.size > 0) await mergeIndex(opened);
}

/** Objects that are to be gone and are not, those of the index last: secrets go first. */
async function standingOf(opened: Case, rewrite: Rewrite): Promise<string[]> {
  const { rewrites, objects } = opened.ledger;
  const out: string[] = [];
  for (const name of [...rewrites.destroyedOf(rewrite, objects), ...tileObjectsBefore(opened, rewrite)]) {
    const info = await opened.vault.info(name);
    if (info !== null && info.length > 0) out.push(name);
  }
  // Links and exhibits from before: what is expunged or withheld now stands in them.
  const number = rewrites.all.indexOf(rewrite) + 1;
  out.push(...(await outdatedLinks(opened.vault, number)), ...(await outdatedOrders(opened.vault, number)));
  out.push(...(await earlierIndexObjects(opened.vault)).filter((name) => !out.includes(name)));
  // What workers told each other about these derivations: of no use since they are complete.
  for (const derive of new Set(rewrite.segments.map((segment) => segment.derive))) {
    for await (const { name, length } of opened.vault.list(`${STRETCH_PREFIX}${derive}/`))
      if (length > 0) out.push(name);
  }
  return out;
}

/** A merged tile over several of them is named once. */
function tileObjectsBefore(opened: Case, rewrite: Rewrite): string[] {
  return [...new Set(segmentsOf(opened, rewrite).flatMap((segment) => outdatedTileObjects(opened.ledger, segment)))];
}

function segmentsOf(opened: Case, rewrite: Rewrite): LoggedSegment[] {
  const labels = new Set(rewrite.segments.map(segmentLabel));
  return opened.ledger.segments.filter((segment) => labels.has(segmentLabel(segment)));
}

/** Writes and commits what is not committed yet; returns how many segments that were. */
async function writeGenerations(
  opened: Case,
  rewrite: Rewrite,
  { kind, progress }: { readonly kind: 'expunge' | 'dispose'; readonly progress?: Progress },
): Promise<number> {
  const { ledger, vault } = opened;
  const compartments = new Map(rewrite.segments.map((one) => [segmentLabel(one), one.compartments]));
  const isWritten = (segment: LoggedSegment) =>
    (compartments.get(segmentLabel(segment)) ?? []).every((name) =>
      ledger.objects.has(partName(segment, name, rewrite.entry)),
    );
  const waiting = segmentsOf(opened, rewrite).filter((segment) => !isWritten(segment));
  if (waiting.length === 0) return 0;
  const keys = rewriteKeys(opened);
  const stage = progress?.stage('objects', waiting.length, 'segments');
  const batch = new GenerationBatch(opened, rewrite, kind);
  let done = 0;
  for await (const { segment, raw } of withRecords(opened, rewrite, waiting)) {
    const change = {
      generation: rewrite.entry,
      compartments: compartments.get(segmentLabel(segment)) ?? [],
      ...(kind === 'dispose' && { moved: movesOf(opened, rewrite.entry, segment) }),
      ...(raw !== null && { raw }),
    };
    await batch.add(await rewriteSegment({ vault, ledger }, segment, change, keys));
    stage?.at(++done);
  }
  await batch.commit();
  return done;
}

/** With the source records of the segments whose original goes; each once, in any order. */
async function* withRecords(
  opened: Case,
  rewrite: Rewrite,
  waiting: readonly LoggedSegment[],
): AsyncGenerator<{ readonly segment: LoggedSegment; readonly raw: ReadonlyMap<number, Uint8Array> | null }> {
  const left = new Set(waiting);
  for (const sha256 of opened.state.history.orderOf(rewrite.entry)?.originals ?? []) {
    const capture = opened.state.captures.get(sha256) as CaseCapture;
    for await (const one of recordsOfCapture(opened, capture)) if (left.delete(one.segment)) yield one;
  }
  for (const segment of left) yield { segment, raw: null };
}

/** Collects objects and commits them some segments at a time. */
class GenerationBatch {
  readonly #case: Case;
  readonly #rewrite: Rewrite;
  readonly #kind: 'expunge' | 'dispose';
  #objects: CommitObject[] = [];
  #segments = 0;

  constructor(opened: Case, rewrite: Rewrite, kind: 'expunge' | 'dispose') {
    this.#case = opened;
    this.#rewrite = rewrite;
    this.#kind = kind;
  }

  async add(objects: readonly CommitObject[]): Promise<void> {
    this.#objects.push(...objects);
    if (++this.#segments >= SEGMENTS_A_COMMIT) await this.commit();
  }

  async commit(): Promise<void> {
    if (this.#segments === 0) return;
    const event = this.#case.draft(this.#kind, {
      subject: new Map<string, string | number>([
        ['act', 'rewritten'],
        ['of', this.#rewrite.entry],
      ]),
      detail: new Map([['segments', this.#segments]]),
    });
    await this.#case.append([event], this.#objects);
    this.#objects = [];
    this.#segments = 0;
  }
}

function rewriteKeys(opened: Case): SegmentKeys {
  const { keys } = opened.state;
  const { source } = opened.held;
  if (keys === null || source === undefined) {
    throw usage('NO_RIGHTS', 'to write segments anew you must hold "source" and "evidence", and you do not');
  }
  const to = (name: ContentCompartment) => [keys[name].recipient, keys.source.recipient];
  return {
    recipients: { evidence: to('evidence'), withheld: to('withheld'), privileged: to('privileged') },
    identities: source.all,
  };
}
