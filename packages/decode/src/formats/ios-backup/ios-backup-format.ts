import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit, UnitDecoder } from '../../format.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { closingFindings } from '../../row-store/row-findings.ts';
import type { RowTally } from '../../row-store/row-tally.ts';
import { combineStore, failedPlan } from '../../row-store/store-app.ts';
import { NO_FILE_MAC, UNENCRYPTED_BACKUP } from './authentications.ts';
import { BackupFiles, rootOf } from './backup-files.ts';
import { isRefused, openManifest } from './open-manifest.ts';
import { openStores, planStores, type StorePlan } from './stores.ts';
import { type BackupKeys, unlockBackup } from './unlock.ts';

/** Survives cloning; the keys in it stay in this process's memory. */
interface BackupState {
  readonly keys: BackupKeys | null;
  readonly stores: readonly StorePlan[];
  /** Rows that the units together must decode. */
  readonly rows: number;
  readonly path: string;
}

/** Whose unit it is: -1 the manifest's, else the store's with this number. */
interface PartState {
  readonly of: number;
  readonly inner: Unit;
}

export const iosBackup: Format = {
  name: 'ios-backup',
  title: 'iOS backup (iTunes, Finder), encrypted or not',
  version: '2',
  versions: 'Manifest.db (iOS 10 and later) and Manifest.mbdb (before); keybags with one and with two rounds of PBKDF2',
  keyMaterial:
    'the password of the backup: {"for": "ios-backup", "passphrase": "…"}, or a text file with it alone; none where the backup is not encrypted',
  authentication: NO_FILE_MAC.proves,
  notCovered:
    'what is in files other than Messages (sms.db) and WhatsApp (ChatStorage.sqlite): each file is an item with its hash. ' +
    'The keychain is not opened. Deleted rows in free pages.',
  detect,
  prepare,
  open,
  combine: combineStore,
  finish: (plan, summaries) => {
    const state = plan.state as BackupState | null;
    if (state === null) return { findings: [] };
    return { findings: closingFindings(summaries as readonly RowTally[], state.rows, state.path) };
  },
};

function detect({ head }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  if (!text.startsWith('bplist0') && !/<plist[\s>]/.test(text.slice(0, 1024))) return null;
  if (!text.includes('IsEncrypted') || !text.includes('Lockdown')) return null;
  return { confidence: 'certain', grounds: 'a property list with the entries of the manifest of an iOS backup' };
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const unlocked = await unlockBackup(file, context);
  if ('code' in unlocked) return closed(file, unlocked, KEY_CODES.includes(unlocked.code));
  const { keys } = unlocked;
  const manifest = openManifest(file, keys);
  if (isRefused(manifest)) return closed(file, manifest, keys !== null);
  const listed = manifest.plan();
  const files = new BackupFiles(file, keys?.classes ?? null);
  const stores = planStores({ manifest, files, name: file.name, scratch: context.scratch });
  const parts = (of: number, units: readonly Unit[]) =>
    units.map((inner) => ({ records: inner.records, state: { of, inner } satisfies PartState }));
  const all = [...parts(-1, listed.units), ...stores.plans.flatMap(({ units }, of) => parts(of, units))];
  const rows = listed.rows + stores.plans.reduce((sum, plan) => sum + plan.state.rows, 0);
  const state: BackupState = {
    keys,
    stores: stores.plans.map((plan) => ({ ...plan, units: [] })),
    rows,
    path: rootOf(file) || file.name,
  };
  const { password } = unlocked;
  return {
    units: all.map((unit, index) => ({ index, ...unit })),
    state,
    findings: [...listed.findings, ...stores.findings, ...unlisted(file, manifest.fileIds())],
    keyIds: password === null ? [] : [keyIdOf(utf8Encode(password))],
    profile: null,
    covers: coversOf(file, manifest.fileIds()),
  };
}

function open(plan: Pick<Plan, 'state'>, file: CaptureFile, context: DecodeContext): UnitDecoder {
  const { keys, stores } = plan.state as BackupState;
  const manifest = openManifest(file, keys);
  if (isRefused(manifest)) throw new Error('a manifest that was read can be read again');
  const files = new BackupFiles(file, keys?.classes ?? null);
  const listing = manifest.decoder(files, keys === null ? UNENCRYPTED_BACKUP : NO_FILE_MAC);
  const decoders = openStores(stores, { manifest, files, name: file.name, scratch: context.scratch });
  return {
    decode: (unit, out) => {
      const { of, inner } = unit.state as PartState;
      return (of < 0 ? listing : decoders(of)).decode(inner, out);
    },
    close: () => {},
  };
}

/** Refusals after which every file of the backup stays encrypted. */
const KEY_CODES: readonly string[] = ['KEY_MISSING', 'KEY_NOT_VERIFIED', 'LIMIT_EXCEEDED'];

/** A backup that cannot be opened. Its encrypted files are told as one, not one by one; those in clear may be known by themselves. */
function closed(file: CaptureFile, why: Finding, isEncrypted: boolean): Plan {
  const own = coversOf(file, []);
  const contents = isEncrypted ? contentsOf(file).map(({ name }) => name) : [];
  if (contents.length === 0) return { ...failedPlan(why), covers: own };
  const detail = `${contents.length} encrypted files of this backup stay closed; they are kept sealed as received.`;
  const stay = finding('BYTES_NOT_EXAMINED', rootOf(file) || file.name, { records: 0, detail });
  return { ...failedPlan(why, stay), covers: [...own, ...contents] };
}

/** Files of the folder whose name is that of a backup's content. */
function contentsOf(file: CaptureFile): { readonly name: string; readonly id: string }[] {
  const root = rootOf(file);
  return (file.folder?.names ?? []).flatMap((name) => {
    const inside = name.startsWith(root) ? name.slice(root.length) : '';
    const id = /^(?:[0-9a-f]{2}\/)?([0-9a-f]{40})$/.exec(inside)?.[1];
    return id === undefined ? [] : [{ name, id }];
  });
}

/** Files of the backup's own that are read here or hold nothing but its settings. */
const OWN_FILES: readonly string[] = [
  'Manifest.db',
  'Manifest.db-wal',
  'Manifest.db-shm',
  'Manifest.mbdb',
  'Manifest.mbdx',
];

function coversOf(file: CaptureFile, fileIds: Iterable<string>): string[] {
  const root = rootOf(file);
  const names = new Set(file.folder?.names ?? []);
  const covered = OWN_FILES.map((name) => root + name);
  for (const id of fileIds) covered.push(`${root}${id.slice(0, 2)}/${id}`, root + id);
  return covered.filter((name) => names.has(name));
}

/** Content that no entry of the manifest names. */
function unlisted(file: CaptureFile, fileIds: Iterable<string>): Finding[] {
  const listed = new Set(fileIds);
  const others = contentsOf(file).filter(({ id }) => !listed.has(id));
  if (others.length === 0) return [];
  const detail = `${others.length} files of the backup are named by no entry of its manifest, so no key opens them.`;
  return [finding('BYTES_NOT_EXAMINED', rootOf(file) || file.name, { records: 0, detail })];
}
