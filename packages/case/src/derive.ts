import { randomBytes } from 'node:crypto';
import { type CborValue, encodeCbor, hexEncode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { type CaptureFile, type Format, keyIdOf, type Plan, type SuppliedKey } from '@custody/decode';
import type { Finding } from '@custody/evidence';
import { locateOriginal, type OriginalHandle, openOriginal, releaseOriginal, storeObject } from '@custody/segment';
import { seal } from '@custody/vault';
import type { CaptureFileSpec } from './capture-files.ts';
import type { CaseAuthority, CaseCapture, CaseDerivation, StatedFact } from './case-state.ts';
import { type ChosenFormats, chooseFormats } from './choose-formats.ts';
import { readManifest } from './directory-manifest.ts';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';
import { DiskScratch } from './pipeline/disk-scratch.ts';
import type { Progress } from './progress.ts';

/** Statements of containers that a derivation records; a directory may hold thousands of containers. */
const MOST_FACTS = 64;

/** A capture prepared for decoding: keys tried, structure read, units listed. */
export interface Prepared {
  readonly original: OriginalHandle;
  readonly scratch: DiskScratch;
  readonly files: readonly CaptureFileSpec[];
  readonly plans: readonly PreparedFile[];
  /** Findings of the capture as a whole, files nobody could read among them. */
  readonly findings: readonly Finding[];
  /** Name for the contract: the format of a file, `directory` where several files are decoded. */
  readonly format: string;
  readonly decoder: string;
  readonly keyIds: readonly string[];
  readonly profile: string | null;
}

export interface PreparedFile {
  readonly file: number;
  readonly format: Format;
  readonly plan: Plan;
}

/** Opens the sealed original and lets each file's format prepare it. A pure function of original, keys and decoders. */
export async function prepareDerivation(
  opened: Case,
  capture: CaseCapture,
  terms: {
    readonly keys: readonly SuppliedKey[];
    readonly format?: string | null;
    readonly progress?: Progress;
    /** The original where this process has it already; released here if it cannot be prepared, by `closePrepared` else. */
    readonly original?: OriginalHandle | null;
  },
): Promise<Prepared> {
  const source = opened.held.source;
  if (source === undefined)
    throw usage('NO_RIGHTS', 'you do not hold the compartment "source", which originals are sealed to');
  const original = terms.original ?? (await locateOriginal(opened.vault, capture.label, source.all));
  const scratch = new DiskScratch();
  try {
    return await preparedFrom({ original, scratch }, capture, terms);
  } catch (error) {
    scratch.dispose();
    await releaseOriginal(original);
    throw error;
  }
}

async function preparedFrom(
  { original, scratch }: Pick<Prepared, 'original' | 'scratch'>,
  capture: CaseCapture,
  terms: { readonly keys: readonly SuppliedKey[]; readonly format?: string | null; readonly progress?: Progress },
): Promise<Prepared> {
  const reader = openOriginal(original);
  try {
    const files =
      capture.kind === 'directory'
        ? readManifest((offset, length) => reader.read(offset, length))
        : [{ name: capture.name, offset: 0, length: reader.length }];
    const chosen = await chooseFormats({ reader, scratch }, files, { wanted: terms.format ?? null, keys: terms.keys });
    const context = { keys: terms.keys, scratch, progress: terms.progress };
    const { plans, unknown } = await preparePlans(chosen, context);
    const isFolder = capture.kind === 'directory' || chosen.opened.size > 0;
    const said = unknown.map((file) => unknownFormat(file, isFolder));
    const findings = [...capture.skipped.map(notAFile), ...chosen.findings, ...said];
    return { original, scratch, files: chosen.files, plans, findings, ...summaryOf(plans, terms.keys) };
  } finally {
    reader.close();
  }
}

/** Plans of the files that a format reads, and the files that nothing knows. What a plan covers has no plan of its own. */
async function preparePlans(
  { inputs, formats, opened }: ChosenFormats,
  context: {
    readonly keys: readonly SuppliedKey[];
    readonly scratch: DiskScratch;
    readonly progress?: Progress | undefined;
  },
): Promise<{ readonly plans: readonly PreparedFile[]; readonly unknown: readonly CaptureFile[] }> {
  const plans: PreparedFile[] = [];
  const unknown: CaptureFile[] = [];
  const covered = new Set<string>();
  for (const [file, input] of inputs.entries()) {
    const format = formats[file] ?? null;
    // The files of a Maildir each stand for all of them: the first one does.
    if (covered.has(input.name)) continue;
    if (format === null && opened.has(file)) continue;
    if (format === null) unknown.push(input);
    else {
      const stage = context.progress?.stage('prepare', input.source.length, 'bytes');
      const { keys, scratch } = context;
      const plan = await format.prepare(input, {
        keyring: { keys },
        scratch,
        progress: (done: number) => stage?.at(done),
      });
      for (const name of plan.covers ?? []) if (name !== input.name) covered.add(name);
      plans.push({ file, format, plan });
    }
  }
  const own = ({ name }: { readonly name: string }) => !covered.has(name);
  return { plans: plans.filter(({ file }) => own(inputs[file] as CaptureFile)), unknown: unknown.filter(own) };
}

/** What prepared files come to as a whole, as this program would decode them. */
export function summaryOf(
  plans: readonly PreparedFile[],
  keys: readonly SuppliedKey[],
): Pick<Prepared, 'format' | 'decoder' | 'keyIds' | 'profile'> {
  const names = [...new Set(plans.map(({ format }) => format.name))];
  return {
    format: names.length === 0 ? 'unknown' : names.length === 1 ? (names[0] as string) : 'directory',
    decoder: [...new Set(plans.map(({ format }) => `${format.name} ${format.version}`))].join(', ') || 'none',
    keyIds: [...new Set(opensNothing(plans) ? triedIds(keys) : plans.flatMap(({ plan }) => plan.keyIds))].sort(),
    profile: plans.find(({ plan }) => plan.profile !== null)?.plan.profile ?? null,
  };
}

function opensNothing(plans: readonly PreparedFile[]): boolean {
  return plans.length > 0 && plans.every(({ plan }) => plan.units.length === 0 && plan.keyIds.length === 0);
}

/** Where no key fits, those tried tell one attempt from the next. A passphrase has no id: one could be guessed from it. */
function triedIds(keys: readonly SuppliedKey[]): string[] {
  return keys.map((key) => (key.bytes === undefined ? `passphrase in ${key.source}` : keyIdOf(key.bytes)));
}

/** Appends the derive event: from here on the derivation has a number and its segments a header. */
export async function recordDerivation(
  opened: Case,
  prepared: Prepared,
  terms: {
    readonly capture: CaseCapture;
    readonly authority: CaseAuthority;
    readonly keys: readonly SuppliedKey[];
    readonly supersedes: number | null;
    readonly wantedFormat?: string;
    readonly region?: string;
  },
): Promise<CaseDerivation> {
  const keyring = await storeKeyring(opened, terms.keys);
  const detail = new Map<string, CborValue>([
    ['keyIds', [...prepared.keyIds]],
    ['keyring', keyring.name],
    ['supersedes', terms.supersedes],
  ]);
  if (prepared.profile !== null) detail.set('profile', prepared.profile);
  const about = aboutOf(prepared);
  if (about.length > 0) detail.set('about', JSON.stringify(about));
  if (terms.wantedFormat !== undefined) detail.set('wantedFormat', terms.wantedFormat);
  if (terms.region !== undefined) detail.set('region', terms.region);
  const event = opened.draft('derive', {
    authority: terms.authority.authority.id,
    subject: new Map([
      ['capture', terms.capture.sha256],
      ['decoder', prepared.decoder],
      ['format', prepared.format],
    ]),
    detail,
  });
  const [entry] = await opened.append([event], [keyring]);
  return opened.state.derivations.get(entry?.index ?? -1) as CaseDerivation;
}

function aboutOf({ files, plans }: Prepared): StatedFact[] {
  const facts = plans.flatMap(({ file, plan }) =>
    (plan.about ?? []).map((fact) => ({ path: files[file]?.name ?? '', ...fact })),
  );
  return facts.slice(0, MOST_FACTS);
}

/** The supplied keys, sealed to `source`: what a later resume or re-derivation needs. */
async function storeKeyring(opened: Case, keys: readonly SuppliedKey[]): Promise<CommitObject> {
  const plain = encodeCbor(
    keys.map((key) => [key.for, key.id ?? null, key.bytes ?? null, key.passphrase ?? null, key.source]),
  );
  const recipient = opened.state.keys?.source.recipient;
  if (recipient === undefined) throw usage('NO_RIGHTS', 'you do not hold "evidence"');
  return storeObject(opened.vault, `supplied/${hexEncode(randomBytes(16))}`, seal(plain, [recipient]));
}

function unknownFormat(file: CaptureFile, inFolder: boolean): Finding {
  return {
    code: inFolder ? 'NOT_COVERED' : 'FORMAT_UNKNOWN',
    class: inFolder ? 'note' : 'lost',
    records: inFolder ? 0 : null,
    locator: { path: file.name, offset: 0, length: file.source.length, row: null },
    related: [],
    detail: `no decoder recognises this file: it is kept sealed as received, and nothing in it was read${isZip(file) ? '; it is a ZIP, and no decoder recognises a file in it either' : ''}`,
  };
}

/** APPNOTE 4.3.7: local file header. */
function isZip({ source }: CaptureFile): boolean {
  return hexEncode(source.read(0, 4)) === '504b0304';
}

function notAFile(path: string): Finding {
  return {
    code: 'NOT_COVERED',
    class: 'note',
    records: 0,
    locator: { path, offset: null, length: null, row: null },
    related: [],
    detail: 'a link or special file inside the directory: not followed and not taken in',
  };
}
