import { type CborValue, hexDecode, hexEncode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import type { Authority, Receipt } from '@custody/evidence';
import {
  hashIntake,
  type OriginalHandle,
  originalLabel,
  originalName,
  releaseOriginal,
  storeOriginal,
} from '@custody/segment';
import { openNamingKey } from './case-keys.ts';
import type { CaseCapture } from './case-state.ts';
import { readCapture } from './directory-manifest.ts';
import { broken, usage } from './errors.ts';
import type { Case } from './open-case.ts';
import { warmThreads } from './pipeline/spare-threads.ts';
import { threadCount } from './pipeline/thread-count.ts';
import type { Progress } from './progress.ts';

export interface TakenIn {
  readonly capture: CaseCapture;
  /** True where the case had the capture already. */
  readonly known: boolean;
  /** Where this process can read it, if it was stored now. Whoever took it in releases it. */
  readonly original: OriginalHandle | null;
}

/**
 * Takes a capture in unchanged: hash, seal (hashing again), record. The same bytes are recognised and not stored twice.
 * Throws IntegrityError SUPPLIER_HASH_MISMATCH where the supplier stated another hash: nothing is taken in then.
 */
export async function takeIn(
  opened: Case,
  path: string,
  terms: {
    readonly authority: Authority;
    readonly receipt: Receipt;
    readonly progress?: Progress;
    readonly threads?: number;
    readonly lap?: (stage: 'hash' | 'seal') => void;
  },
): Promise<TakenIn> {
  const { intake, kind, skipped } = await readCapture(path);
  warmThreads(threadCount(terms.threads), intake.length);
  const progress = terms.progress?.stage('hash', intake.length, 'bytes');
  const sha256 = await hashIntake(intake, (done) => progress?.at(done));
  terms.lap?.('hash');
  const hex = hexEncode(sha256);
  checkSupplierHash(path, hex, terms.receipt.supplierHash);
  const known = opened.state.captures.get(hex);
  if (known !== undefined) return { capture: known, known: true, original: null };
  const label = originalLabel(await openNamingKey(opened.vault, opened.ledger.objects, opened.held), sha256);
  const source = opened.held.source;
  if (source === undefined || opened.state.keys === null) throw usage('NO_RIGHTS', 'you do not hold "source"');
  const sealing = terms.progress?.stage('seal', intake.length, 'bytes');
  const { objects, handle } = await storeOriginal(opened.vault, intake, {
    label,
    sha256,
    recipients: [opened.state.keys.source.recipient],
    identities: source.all,
    progress: (done) => sealing?.at(done),
  });
  try {
    const intakeEvent = { hex, label, kind, length: intake.length, skipped, name: baseName(path) };
    const recorded = await recordIntake(opened, intakeEvent, { ...terms, objects });
    terms.lap?.('seal');
    return { ...recorded, original: handle };
  } catch (error) {
    await releaseOriginal(handle);
    throw error;
  }
}

/** The intake event, unless another process recorded the same capture meanwhile. */
async function recordIntake(
  opened: Case,
  intake: Pick<CaseCapture, 'kind' | 'label' | 'length' | 'name' | 'skipped'> & { readonly hex: string },
  {
    authority,
    receipt,
    objects,
  }: { readonly authority: Authority; readonly receipt: Receipt; readonly objects: readonly CommitObject[] },
): Promise<Omit<TakenIn, 'original'>> {
  const { hex, kind, label, length, name, skipped } = intake;
  await opened.refresh();
  const meanwhile = opened.state.captures.get(hex);
  if (meanwhile !== undefined) return { capture: meanwhile, known: true };
  const event = opened.draft('intake', {
    authority: authority.id,
    subject: new Map<string, string | number>([
      ['capture', hex],
      ['kind', kind],
      ['label', label],
      ['length', length],
      ['name', name],
    ]),
    detail: new Map<string, CborValue>([
      ['receipt', JSON.stringify(receipt)],
      ['skipped', [...skipped]],
      ...(await placeOf(opened, label)),
    ]),
  });
  await opened.append([event], objects);
  return { capture: opened.state.captures.get(hex) as CaseCapture, known: false };
}

function baseName(path: string): string {
  return path.slice(path.replace(/\/+$/, '').lastIndexOf('/') + 1);
}

/** Where originals have a bucket of their own: which version this one is, and its lock as read back. */
async function placeOf(opened: Case, label: string): Promise<[string, string][]> {
  const pin = await opened.vault.pinOf?.(originalName(label));
  if (pin == null) return [];
  const lock = (await opened.vault.lockOf?.(originalName(label))) ?? null;
  const { bucket, key, version } = pin;
  return [['stored', JSON.stringify({ bucket, key, version, lock })]];
}

function checkSupplierHash(path: string, found: string, stated: Receipt['supplierHash']): void {
  if (stated === null || stated === 'none') return;
  const hex = stated.replace(/^sha256:/i, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw usage('ARGUMENT_INVALID', '--supplier-hash must be sha256: and 64 hex digits');
  if (hexEncode(hexDecode(hex)) === found) return;
  throw broken('SUPPLIER_HASH_MISMATCH', `${path} has SHA-256 ${found}, the supplier states ${hex}: not taken in`, {
    found,
    stated: hex,
  });
}
