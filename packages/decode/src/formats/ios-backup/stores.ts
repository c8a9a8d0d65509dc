import { CustodyError } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { openStore, planStore, type StoreApp, type StoreState } from '../../row-store/store-app.ts';
import type { Scratch } from '../../scratch.ts';
import { openSqlite, type SqliteFile } from '../../sqlite/index.ts';
import { imessageApp, MESSAGE_FILES } from '../imessage/imessage-app.ts';
import { WHATSAPP_DOMAIN, whatsappIosApp } from '../whatsapp-ios/whatsapp-ios-app.ts';
import { NO_FILE_MAC, UNENCRYPTED_BACKUP } from './authentications.ts';
import type { BackupFiles } from './backup-files.ts';
import type { Manifest } from './manifest.ts';

/** A database of an app, where it stood on the device, and where the files are that its rows name. */
interface KnownStore {
  readonly domain: string;
  readonly path: string;
  readonly app: StoreApp;
  /** Domain and path of a file that a row names; null where the name leads nowhere. */
  readonly attached: (path: string) => { readonly domain: string; readonly path: string } | null;
}

const STORES: readonly KnownStore[] = [
  {
    domain: 'HomeDomain',
    path: 'Library/SMS/sms.db',
    app: imessageApp,
    attached: (path) => {
      const inside = /(?:^|\/)(Library\/SMS\/.+)$/.exec(path)?.[1];
      return inside === undefined ? null : { domain: MESSAGE_FILES, path: inside };
    },
  },
  whatsapp(WHATSAPP_DOMAIN, 'ChatStorage.sqlite', 'Message'),
  whatsapp('AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared', 'ChatStorage.sqlite', 'Message'),
  // Before apps shared a folder (until 2015) all stood in the app's own.
  whatsapp('AppDomain-net.whatsapp.WhatsApp', 'Documents/ChatStorage.sqlite', 'Library'),
];

/** WhatsApp or WhatsApp Business; `media` is the folder that paths of messages are inside of. */
function whatsapp(domain: string, path: string, media: string): KnownStore {
  const attached = (file: string) => ({ domain, path: `${media}/${file.replace(/^\/+/, '')}` });
  return { domain, path, app: whatsappIosApp, attached };
}

/** Survives cloning. */
export interface StorePlan {
  /** Which of the stores known here. */
  readonly store: number;
  readonly units: readonly Unit[];
  readonly state: StoreState;
}

interface Backup {
  readonly scratch: Scratch;
  readonly manifest: Manifest;
  readonly files: BackupFiles;
  readonly name: string;
}

/** Plans of the databases that are there and can be read; findings for those that cannot. */
export function planStores(backup: Backup): {
  readonly plans: readonly StorePlan[];
  readonly findings: readonly Finding[];
} {
  const plans: StorePlan[] = [];
  const findings: Finding[] = [];
  STORES.forEach((known, store) => {
    const path = pathOf(backup, known);
    try {
      const opened = openKnown(backup, known);
      if (opened === null) return;
      if (opened.damage !== null)
        findings.push(finding('PAGE_DAMAGED', path, { records: null, detail: opened.damage, class: 'doubt' }));
      const planned = planStore(opened.file, path, { apps: [known.app], scratch: backup.scratch });
      if (planned === null) {
        const detail = 'The database has none of the tables that it is known for: nothing of it is decoded.';
        findings.push(finding('FORMAT_UNKNOWN', path, { records: null, detail }));
        return;
      }
      findings.push(...planned.findings);
      plans.push({ store, units: planned.units, state: planned.state });
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
      const detail = `The database is damaged and cannot be read: ${error.message}.`;
      findings.push(finding('PAGE_DAMAGED', path, { records: null, detail }));
    }
  });
  return { plans, findings };
}

/** Decoders of planned stores, opened when first asked for. */
export function openStores(plans: readonly StorePlan[], backup: Backup): (at: number) => UnitDecoder {
  const opened = new Map<number, UnitDecoder>();
  return (at) => {
    const known = opened.get(at);
    if (known !== undefined) return known;
    const plan = plans[at] as StorePlan;
    const store = STORES[plan.store] as KnownStore;
    const file = openKnown(backup, store)?.file;
    if (file === undefined) throw new Error('a database that was read can be read again');
    const scope = {
      file,
      authentication: isEncrypted(backup, store) ? NO_FILE_MAC : UNENCRYPTED_BACKUP,
      attached: (path: string) => attachedIn(backup, store.attached(path)),
    };
    const decoder = openStore(scope, plan.state, { apps: [store.app], scratch: backup.scratch });
    opened.set(at, decoder);
    return decoder;
  };
}

function attachedIn({ manifest, files }: Backup, place: ReturnType<KnownStore['attached']>): ByteSource | null {
  const entry = place === null ? null : manifest.find(place.domain, place.path);
  const opened = entry === null ? null : files.open(entry);
  return opened?.state === 'whole' ? opened.source : null;
}

/** A database as it is with its log; null where the backup has none that can be opened. */
function openKnown(
  backup: Backup,
  store: KnownStore,
): { readonly file: SqliteFile; readonly damage: string | null } | null {
  const source = contentOf(backup, store.domain, store.path);
  if (source === null) return null;
  const wal = contentOf(backup, store.domain, `${store.path}-wal`);
  const file = openSqlite(source.source, {
    path: pathOf(backup, store),
    wal: wal?.source ?? null,
    cachePages: CACHE_PAGES,
  });
  const damage = source.isWhole
    ? null
    : 'The length or padding of the encrypted database is wrong: it was changed or cut.';
  return { file, damage };
}

const CACHE_PAGES = 512;

function contentOf(
  { manifest, files }: Backup,
  domain: string,
  path: string,
): { readonly source: ByteSource; readonly isWhole: boolean } | null {
  const entry = manifest.find(domain, path);
  const opened = entry === null ? null : files.open(entry);
  if (opened === null || opened.state === 'absent' || opened.state === 'locked') return null;
  return { source: opened.source, isWhole: opened.state === 'whole' };
}

function isEncrypted({ manifest }: Backup, store: KnownStore): boolean {
  return manifest.find(store.domain, store.path)?.key != null;
}

/** The layers of a locator: the file on disk, decrypted, and what it was on the device. */
function pathOf({ manifest, files }: Backup, store: KnownStore): string {
  const entry = manifest.find(store.domain, store.path);
  const stored = entry === null ? null : files.pathOf(entry.fileId);
  const layer = entry?.key == null ? '' : '!aes-cbc';
  return `${stored ?? files.root}${layer}!${store.path.slice(store.path.lastIndexOf('/') + 1)}`;
}
