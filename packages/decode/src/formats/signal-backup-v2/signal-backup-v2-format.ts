import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe } from '../../format.ts';
import { type Keyring, MOST_CANDIDATES } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import { IN_CLEAR, MAC_FAILED, MAC_VERIFIED } from './authentications.ts';
import { closingFindings } from './closing-findings.ts';
import { attempt, type Container, hasMagic, isRefusal, readContainer, readLocalMetadata } from './container.ts';
import { protobufFrames } from './frame-reader.ts';
import * as layout from './layout.ts';
import { type MediaFolder, readMediaFolder, reconcileMedia } from './media-findings.ts';
import { MediaStore, mediaPath } from './media-store.ts';
import { NOBODY, type People } from './people.ts';
import { beginsAsFrames, beginsUnder } from './sealed-file.ts';
import { keysToTry, suppliedFor } from './supplied.ts';
import { survey } from './survey.ts';
import { joinTally, type Tally } from './tally.ts';
import { FramesDecoder } from './unit-decoder.ts';
import { unlock } from './unlock.ts';

interface PlanState {
  /** Null: the capture itself holds the frames in clear. */
  readonly handle: ScratchHandle | null;
  readonly path: string;
  readonly people: People;
  readonly authentic: boolean;
  /** Folder of a backup folder's snapshots; null where there are no files. */
  readonly mediaRoot: string | null;
}

const DECODER_VERSION = '1';
const TITLE = 'Signal backup, second kind (local folder, remote file, plain frames)';
const NOT_COVERED =
  'files of remote backups, which stay on servers; credentials (keys of groups, calls, profiles, subscriptions, files), which are withheld; what the app leaves out itself. Fields and kinds that this build does not know are counted by name.';

/** Signal's backup since 2025, opened with the account entropy pool. */
export const signalBackupV2: Format = formatOf({ damaged: false });
/** The same for a file whose MAC does not verify: only on request, and every item says so. */
export const signalBackupV2Damaged: Format = formatOf({ damaged: true });

function formatOf({ damaged }: { readonly damaged: boolean }): Format {
  return {
    name: damaged ? 'signal-backup-v2-damaged' : 'signal-backup-v2',
    title: damaged ? `${TITLE}: what a damaged one still shows` : TITLE,
    version: DECODER_VERSION,
    versions: 'version 1 of backup and local folder; remote files with and without forward secrecy; plain .binproto',
    keyMaterial:
      'the recovery key: {"for": "signal-backup-v2", "passphrase": "64 characters", "id": "service id"}; the service id for remote files only, and for those with forward secrecy {"for": "signal-backup-v2-token", "hex": "…"}',
    authentication: damaged ? MAC_FAILED.proves : MAC_VERIFIED.proves,
    notCovered: damaged
      ? `what stands behind the first place that cannot be unpacked; ${NOT_COVERED}`
      : `backups whose MAC does not verify (ask for signal-backup-v2-damaged); ${NOT_COVERED}`,
    ...(damaged && { onRequest: true }),
    detect,
    prepare: (file, context) => prepare(file, context, damaged),
    open,
    combine: (_plan, earlier, later) => joinTally(earlier as Tally, later as Tally),
    finish: (plan, summaries) => ({
      findings: closingFindings((plan.state as PlanState).path, summaries as readonly Tally[]),
    }),
  };
}

function detect({ name, head, length, keyring }: Probe): Claim | null {
  const certain = (grounds: string): Claim => ({ confidence: 'certain', grounds });
  if (hasMagic(head) && head[layout.REMOTE_MAGIC.length] !== undefined) return certain('begins with SBACKUP');
  if (length <= layout.LONGEST_LOCAL_METADATA && attempt(() => readLocalMetadata(head)) != null)
    return certain('is the encrypted backup id that leads a backup folder');
  if (beginsAsFrames(head)) return certain('begins with the message that leads a backup, in clear');
  const sealed = length >= layout.SHORTEST && length % layout.AES_BLOCK === 0;
  if (sealed && (layout.SNAPSHOT_FOLDER.test(name) || name.endsWith('.binproto.encrypted')))
    return { confidence: 'likely', grounds: 'has the name and the length of an encrypted backup' };
  if (!sealed || keyring === undefined || /[0-9a-f]{64}$/.test(name)) return null;
  return opensUnder(head, keyring) ? certain('opens under a supplied key') : null;
}

/** A sealed file without its folder says nothing of itself; its first bytes under the right key do. */
function opensUnder(head: Uint8Array, keyring: Keyring): boolean {
  const source = { length: head.length, read: (at: number, length: number) => head.subarray(at, at + length) };
  const container: Container = { kind: 'bare', source, path: '', start: 0, sealedId: null };
  const tried = keysToTry(suppliedFor(keyring), container);
  return tried.length <= MOST_CANDIDATES && tried.some(({ keys }) => beginsUnder(container, keys));
}

async function prepare(file: CaptureFile, context: DecodeContext, damaged: boolean): Promise<Plan> {
  const { source, name } = file;
  if (beginsAsFrames(source.read(0, 64 * 1024))) {
    return surveyed({ source, path: name, handle: null, authentic: true, owner: null, folder: null }, []);
  }
  if (isLed(file)) return nothing(name);
  const container = readContainer(file);
  if (isRefusal(container)) {
    return failed(finding(container.code, container.path, { records: null, detail: container.detail }), container.path);
  }
  const covers = coveredBy(file, container);
  const folder = container.kind === 'folder' && file.folder ? readMediaFolder(container, file.folder) : null;
  const unlocked = await unlock(container, { context, damaged });
  if ('code' in unlocked) return failed(unlocked, container.path, [...covers, ...mediaOf(folder)]);
  const { handle, authentic, owner, material } = unlocked;
  const path = `${container.path}!cbc!gzip`;
  const plan = surveyed({ source: context.scratch.open(handle), path, handle, authentic, owner, folder }, [
    ...unlocked.findings,
    ...(folder?.findings ?? []),
  ]);
  if (plan.units.length === 0) unlocked.discard();
  return { ...plan, keyIds: [keyIdOf(material)], covers: [...covers, ...mediaOf(folder)] };
}

/** The file `main` of a folder is decoded through `metadata`, which stands beside it. */
function isLed({ name, beside }: CaptureFile): boolean {
  if (!/(?:^|\/)main$/.test(name)) return false;
  const metadata = beside?.('metadata') ?? null;
  return (
    metadata !== null && attempt(() => readLocalMetadata(metadata.read(0, layout.LONGEST_LOCAL_METADATA))) !== null
  );
}

function coveredBy({ name }: CaptureFile, { kind, path }: Container): string[] {
  if (kind !== 'folder' || path === name) return [];
  return [path, `${path.slice(0, path.length - 'main'.length)}files`];
}

function mediaOf(folder: MediaFolder | null): string[] {
  return folder === null ? [] : [...folder.stored].map((name) => mediaPath(folder.root, name));
}

interface Frames extends Pick<PlanState, 'handle' | 'path' | 'authentic'> {
  readonly source: Parameters<typeof survey>[0]['source'];
  readonly owner: Uint8Array | null;
  readonly folder: MediaFolder | null;
}

function surveyed({ source, owner, folder, ...rest }: Frames, findings: readonly Finding[]): Plan {
  const { path } = rest;
  const found = survey({ source, path, reader: protobufFrames, owner, media: folder !== null });
  if ('code' in found) return failed(found, path);
  const media = folder === null ? [] : reconcileMedia(path, folder, found.media);
  const state: PlanState = { ...rest, people: found.people, mediaRoot: folder?.root ?? null };
  return { units: found.units, state, findings: [...findings, ...found.findings, ...media], keyIds: [], profile: null };
}

function failed(reason: Finding, path: string, covers: readonly string[] = []): Plan {
  return { ...nothing(path), findings: [reason], covers };
}

function nothing(path: string): Plan {
  const state: PlanState = { handle: null, path, people: NOBODY, authentic: false, mediaRoot: null };
  return { units: [], state, findings: [], keyIds: [], profile: null };
}

function open(plan: Pick<Plan, 'state'>, file: CaptureFile, context: DecodeContext): FramesDecoder {
  const { handle, path, people, authentic, mediaRoot } = plan.state as PlanState;
  const { folder } = file;
  return new FramesDecoder({
    source: handle === null ? file.source : context.scratch.open(handle),
    ...{ path, people, reader: protobufFrames },
    media: mediaRoot === null || folder === undefined ? null : new MediaStore(folder, mediaRoot),
    authentication: handle === null ? IN_CLEAR : authentic ? MAC_VERIFIED : MAC_FAILED,
  });
}
