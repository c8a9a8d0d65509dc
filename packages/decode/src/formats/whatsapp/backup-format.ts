import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, CaptureFolder, Claim, DecodeContext, Format, Plan, Probe } from '../../format.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import { GCM_VERIFIED } from './authentications.ts';
import { type Container, isRefusal, readContainer } from './container.ts';
import { detectCrypt12, detectPrefixed } from './detect.ts';
import { seriesFindings } from './increment/increment-series.ts';
import { decodeIncrement, type IncrementUnit } from './increment/increment-store.ts';
import { joinIncrements } from './increment/join-increments.ts';
import { MEMBER, openIncrement } from './increment/open-increment.ts';
import type { Generation } from './layout.ts';
import { OUTPUT_LIMITS } from './plaintext-sink.ts';
import { combineStore, finishStore, openStore, openStoreDecoder, type PlanState, planStore } from './store-format.ts';
import { unlock } from './unlock.ts';
import { extractMember, readZipDirectory, type ZipMember } from './zip-member.ts';

const NOT_COVERED =
  'receipts by person, full-text indexes and settings of the app: each such table is counted. Media are hashed where they stand ' +
  'beside the database in a directory capture, else only referenced. Incremental backups (crypt14, crypt15) are decoded by the published schema of WhatsApp Web, behind the whole one where the folder has it; no sample of them was at hand. Deleted rows in free pages are not carved.';

export const DECODER_VERSION = '4';

/** One encrypted generation; the three differ in container and key only. */
export function backupFormat(generation: Generation): Format {
  const keyMaterial =
    generation === 'crypt15'
      ? 'the 64 hex digits, or the file encrypted_backup.key (for: whatsapp-crypt15)'
      : 'the key file of 158 bytes from the device (for: whatsapp-key)';
  return {
    name: `whatsapp-${generation}`,
    title: `WhatsApp for Android, msgstore.db.${generation} or wa.db.${generation}`,
    version: DECODER_VERSION,
    versions: 'old schema (messages) and new schema (message, chat, jid), read by column names',
    keyMaterial,
    authentication: GCM_VERIFIED.proves,
    notCovered: NOT_COVERED,
    detect: (probe: Probe): Claim | null =>
      generation === 'crypt12' ? detectCrypt12(probe) : detectPrefixed(probe, generation),
    async prepare(file, context) {
      const plan = await prepareBackup(file, context, generation);
      const { handle, path } = plan.state as PlanState;
      if (handle === null) return plan;
      const store = () => openStore({ source: context.scratch.open(handle), path, wal: null });
      return joinIncrements(plan, file, { context, store });
    },
    open(plan, file, context) {
      const state = plan.state as PlanState;
      if (state.handle === null) throw new Error('a plan without units cannot be opened');
      const source = context.scratch.open(state.handle);
      if (state.increment === true) {
        const increment = { source, path: state.path };
        return { decode: (unit, out) => decodeIncrement(unit.state as IncrementUnit, out, increment), close: () => {} };
      }
      return openStoreDecoder(
        { source, path: state.path, wal: null, file, scratch: context.scratch },
        state,
        GCM_VERIFIED,
      );
    },
    combine: combineStore,
    finish: (plan, summaries) => finishStore(plan.state as PlanState, summaries),
  };
}

async function prepareBackup(file: CaptureFile, context: DecodeContext, generation: Generation): Promise<Plan> {
  const container = readContainer(file.source, generation);
  if (isRefusal(container)) {
    return failed(file.name, finding(container.code, file.name, { records: null, detail: `${container.detail}.` }));
  }
  return { ...(await prepareContainer(file, context, container)), about: container.about };
}

async function prepareContainer(file: CaptureFile, context: DecodeContext, container: Container): Promise<Plan> {
  const unlocked = await unlock(file.source, container, { context, path: file.name });
  if (!('handle' in unlocked)) return failed(file.name, unlocked);
  const key = unlocked.key.supplied.bytes as Uint8Array;
  const options = { keyIds: [keyIdOf(key)], findings: unlocked.findings, folder: file.folder ?? null };
  const { handle, packing } = unlocked;
  if (packing === 'zip') {
    const plan = await prepareZip(file.name, handle, { ...options, context });
    unlocked.discard();
    return plan;
  }
  const path = `${file.name}!gcm${packing === 'zlib' ? '!zlib' : ''}`;
  const plan = planStore({ source: context.scratch.open(handle), path, wal: null }, { handle, ...options });
  if (plan.units.length === 0) unlocked.discard();
  return plan;
}

/** An incremental backup that stands alone: what was written or changed since the whole one. */
async function prepareIncrement(
  zip: ByteSource,
  members: readonly ZipMember[],
  options: {
    readonly keyIds: readonly string[];
    readonly findings: readonly Finding[];
    readonly context: DecodeContext;
    readonly path: string;
    readonly name: string;
    readonly folder: CaptureFolder | null;
  },
): Promise<Plan> {
  const opened = await openIncrement(zip, members, options);
  if (!('handle' in opened)) return failed(options.path, opened);
  const { handle, path, units, findings } = opened;
  const state: PlanState = { handle, path, store: null, increment: true };
  const detail = `An incremental backup: messages since the whole one. Each stays an item of its own capture, also where the whole one has it too; conversations and ids are the same in both. ${opened.others} other members of the ZIP are not decoded.`;
  const about = finding('BYTES_NOT_EXAMINED', options.path, { records: 0, detail });
  const series = seriesFindings(options.name, options.folder);
  return {
    units,
    state,
    findings: [...options.findings, ...series, about, ...findings],
    keyIds: options.keyIds,
    profile: null,
  };
}

/** Backups of several files are a ZIP; its member msgstore.db, else wa.db, is decoded, the others are counted. */
async function prepareZip(
  name: string,
  zip: ScratchHandle,
  options: {
    keyIds: readonly string[];
    findings: readonly Finding[];
    folder: CaptureFolder | null;
    context: DecodeContext;
  },
): Promise<Plan> {
  const { scratch } = options.context;
  const source = scratch.open(zip);
  const path = `${name}!gcm!zip`;
  const members = readZipDirectory(source);
  const member = [/(^|\/)msgstore\.db$/, /(^|\/)wa\.db$/]
    .map((name) => members?.find((each) => name.test(each.name)))
    .find((each) => each !== undefined);
  if (members != null && member === undefined && members.some((each) => each.name === MEMBER)) {
    return prepareIncrement(source, members, { ...options, path, name });
  }
  if (members == null || member === undefined) {
    return failed(
      name,
      finding('FORMAT_UNKNOWN', path, { records: null, detail: 'The ZIP holds no readable msgstore.db or wa.db.' }),
    );
  }
  const extracted = await extractMember(source, member, { scratch, limits: OUTPUT_LIMITS });
  if ('problem' in extracted) {
    return failed(
      name,
      finding('LIMIT_EXCEEDED', path, {
        records: null,
        detail: `${member.name} is not unpacked: ${extracted.problem}.`,
      }),
    );
  }
  const findings = [...options.findings];
  const others = members.length - 1;
  if (others > 0) {
    const detail = `${others} other members of the ZIP are not decoded.`;
    findings.push(finding('BYTES_NOT_EXAMINED', path, { records: 0, detail }));
  }
  if (!extracted.crcMatches) {
    findings.push(
      finding('UNIT_UNVERIFIED', path, {
        records: 0,
        detail: `The CRC-32 of ${member.name} in the ZIP does not match.`,
      }),
    );
  }
  const { handle } = extracted;
  const store = { source: scratch.open(handle), path: `${path}!${member.name}`, wal: null };
  const plan = planStore(store, { handle, keyIds: options.keyIds, findings, folder: options.folder });
  if (plan.units.length === 0) extracted.discard();
  return plan;
}

function failed(path: string, reason: Finding): Plan {
  const state: PlanState = { handle: null, path, store: null };
  return { units: [], state, findings: [reason], keyIds: [], profile: null };
}
