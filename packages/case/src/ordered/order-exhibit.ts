import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { utf8Decode, utf8Encode } from '@custody/bytes';
import { openSealedRange } from '@custody/vault';
import { broken, usage } from '../errors.ts';
import { evidenceSize } from '../evidence-size.ts';
import { type ExhibitOptions, type MadeExhibit, recordExhibit } from '../make-exhibit.ts';
import type { Case } from '../open-case.ts';
import { readStretchObject, storeStretchObject } from '../stretches/stretch-object.ts';
import { newOrderLabel, orderedName } from './order-object.ts';

/** What an exhibit is to show: content, so it stands sealed in the case, and a job names it only. */
export type OrderedOptions = Omit<ExhibitOptions, 'out'>;

/** What a worker says of the exhibit it made. */
export interface OrderedResult {
  readonly numbers: Omit<MadeExhibit, 'out' | 'sha256'>;
  /** Of the ZIP. */
  readonly sha256: string;
  readonly length: number;
  readonly object: string;
  readonly items: readonly number[];
}

/** Plaintext fetched at once. */
const PIECE = 4 * 1024 ** 2;

/**
 * Stores an order for an exhibit, sealed to `evidence`: the log size it shows is settled now, so that whoever makes it,
 * and however often, makes the same bytes. Returns its label, which is all that a job says.
 */
export async function orderExhibit(opened: Case, options: OrderedOptions): Promise<string> {
  if (options.items.length === 0) throw usage('NOTHING_SELECTED', 'nothing was selected: an exhibit needs items');
  const label = newOrderLabel(opened);
  const order: OrderedOptions = { ...options, at: options.at ?? evidenceSize(opened) };
  await storeStretchObject(opened, orderedName(label, 'order'), utf8Encode(JSON.stringify(order)));
  return label;
}

/** The order as its author stored it. Throws IntegrityError STRETCH_NOT_OURS, UsageError NOT_YET where there is none. */
export async function readOrder(opened: Case, label: string): Promise<OrderedOptions> {
  const bytes = await readStretchObject(opened, orderedName(label, 'order'));
  if (bytes === null) throw usage('NOT_YET', `there is no order ${label}, or an expungement took it: order again`);
  return JSON.parse(utf8Decode(bytes)) as OrderedOptions;
}

/** What a worker made of an order; null where it is not done yet. */
export async function orderedResult(opened: Case, label: string): Promise<OrderedResult | null> {
  const bytes = await readStretchObject(opened, orderedName(label, 'done'));
  return bytes === null ? null : (JSON.parse(utf8Decode(bytes)) as OrderedResult);
}

/**
 * Fetches an exhibit that a worker made, holds it against what the worker said, writes it, and records the disclosure as the
 * acting person's. Throws UsageError NOT_YET, EXHIBIT_EXISTS, IntegrityError STRETCH_NOT_OURS.
 */
export async function collectExhibit(opened: Case, label: string, out: string): Promise<MadeExhibit> {
  const order = await readOrder(opened, label);
  const result = await orderedResult(opened, label);
  if (result === null)
    throw usage('NOT_YET', `exhibit ${label} is not made yet: "custody status --watch" shows its job`);
  await fetchZip(opened, result, out);
  const { sha256, numbers, items } = result;
  const { exhibitRef, reason } = order;
  await recordExhibit(opened, out, { sha256, size: numbers.size, items, exhibitRef, reason });
  return { out, sha256, ...numbers };
}

async function fetchZip(opened: Case, { object, length, sha256 }: OrderedResult, out: string): Promise<void> {
  const identities = opened.held.evidence?.all ?? [];
  const reader = await openSealedRange(opened.vault, object, identities);
  const file = await open(out, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw usage('ARGUMENT_INVALID', `${out} exists: an exhibit replaces no file`);
    throw usage('ARGUMENT_INVALID', `${out} cannot be written (${error.code})`);
  });
  try {
    const hash = createHash('sha256');
    for (let at = 0; at < reader.length; at += PIECE) {
      const bytes = await reader.read(at, Math.min(PIECE, reader.length - at));
      hash.update(bytes);
      await file.writeFile(bytes);
    }
    await file.sync();
    if (reader.length !== length || hash.digest('hex') !== sha256)
      throw broken('STRETCH_NOT_OURS', `${object} is not the exhibit that the worker made`, { name: object });
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
