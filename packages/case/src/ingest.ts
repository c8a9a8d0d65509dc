import type { SuppliedKey } from '@custody/decode';
import type { Authority, Receipt } from '@custody/evidence';
import { endOf, startOf, typedTime } from '@custody/evidence';
import { releaseOriginal } from '@custody/segment';
import type { CaseAuthority, CaseCapture, CaseDerivation, DerivationTotals } from './case-state.ts';
import { type Prepared, prepareDerivation, recordDerivation } from './derive.ts';
import { usage } from './errors.ts';
import { ordersOn } from './expunge-selection.ts';
import type { Case } from './open-case.ts';
import { runDerivation } from './pipeline/run-derivation.ts';
import { addTimes, StageMeter, type StageTimes } from './pipeline/stage-meter.ts';
import type { Progress } from './progress.ts';
import { refuse } from './refuse.ts';
import { takeIn } from './take-in.ts';

export interface IngestOptions {
  readonly authority: string;
  readonly keys: readonly SuppliedKey[];
  readonly format?: string;
  readonly receipt: Receipt;
  readonly threads?: number;
  /** ISO 3166 region for telephone numbers in national form. */
  readonly region?: string;
  readonly progress?: Progress;
}

export interface IngestResult {
  readonly capture: CaseCapture;
  readonly derivation: CaseDerivation;
  readonly totals: DerivationTotals;
  /** The bytes were in the case before. */
  readonly known: boolean;
  /** An equal derivation was complete before: nothing was done again. */
  readonly repeated: boolean;
  /** By stage, added up over all threads. */
  readonly spent: StageTimes;
}

/** A capture that is taken in, prepared, and has a derivation recorded. Whoever began it closes `prepared`. */
export interface Begun extends Pick<IngestResult, 'capture' | 'derivation' | 'known' | 'repeated' | 'spent'> {
  readonly authority: CaseAuthority;
  readonly prepared: Prepared;
}

/** Takes one capture in and derives it: the whole embedded path. Refusals are recorded before they are thrown. */
export async function ingest(opened: Case, path: string, options: IngestOptions): Promise<IngestResult> {
  const { prepared, authority, ...begun } = await beginIngest(opened, path, options);
  const { derivation } = begun;
  try {
    const { totals, times } =
      derivation.totals === null
        ? await runDerivation(opened, prepared, { ...options, derivation, authority })
        : { totals: derivation.totals, times: {} };
    return { ...begun, totals, spent: addTimes(begun.spent, times) };
  } finally {
    await closePrepared(prepared);
  }
}

/** The part of an ingest that one process does: intake, keys and structure, the derive entry. */
export async function beginIngest(opened: Case, path: string, options: IngestOptions): Promise<Begun> {
  const authority = await requireAuthority(opened, options.authority, 'ingest');
  await checkValidity(opened, authority.authority, options.receipt);
  if (opened.held.source === undefined) {
    await refuse(
      opened,
      'ingest',
      `${opened.requirePerson().name} does not hold the compartment "source" of this case`,
      options.authority,
    );
  }
  const { progress } = options;
  const meter = new StageMeter();
  const { original, ...taken } = await takeIn(opened, path, {
    authority: authority.authority,
    receipt: options.receipt,
    lap: meter.lap,
    ...(progress && { progress }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  const prepared = await prepareDerivation(opened, taken.capture, {
    keys: options.keys,
    original,
    ...(options.format !== undefined && { format: options.format }),
    ...(progress && { progress }),
  });
  meter.lap('prepare');
  try {
    const terms = { options, taken: taken.capture, authority };
    const { derivation, repeated } = await chooseDerivation(opened, prepared, terms);
    return { ...taken, derivation, repeated, authority, prepared, spent: meter.take() };
  } catch (error) {
    await closePrepared(prepared);
    throw error;
  }
}

export async function closePrepared(prepared: Prepared): Promise<void> {
  prepared.scratch.dispose();
  await releaseOriginal(prepared.original);
}

/** The authority named, checked against who acts and when. */
export async function requireAuthority(opened: Case, id: string, act: string): Promise<CaseAuthority> {
  const found = opened.state.authorities.get(id);
  if (found === undefined) {
    const known = [...opened.state.authorities.keys()].join(', ') || 'none yet: "custody warrant add FILE"';
    return refuse(opened, act, `the case has no authority "${id}" (recorded: ${known})`);
  }
  const { grantees, examineUntil } = found.authority;
  const person = opened.requirePerson();
  if (grantees !== undefined && !grantees.includes(person.name) && !grantees.includes(person.identity.recipient)) {
    return refuse(opened, act, `authority "${id}" does not grant ${act} to ${person.name}`, id);
  }
  if (examineUntil !== undefined && Date.now() >= endOf(examineUntil)) {
    return refuse(opened, act, `authority "${id}" allows examination until ${examineUntil} only`, id);
  }
  return found;
}

async function checkValidity(opened: Case, authority: Authority, receipt: Receipt): Promise<void> {
  if (receipt.acquiredAt === null) return;
  const acquired = typedTime(receipt.acquiredAt);
  if (Number.isNaN(acquired))
    throw usage('ARGUMENT_INVALID', `--acquired-at ${receipt.acquiredAt} is not an ISO 8601 time`);
  if (acquired >= startOf(authority.validFrom) && acquired < endOf(authority.validTo)) return;
  await refuse(
    opened,
    'ingest',
    `the capture was acquired at ${receipt.acquiredAt}, authority "${authority.id}" is valid from ${authority.validFrom} to ${authority.validTo}`,
    authority.id,
  );
}

/** An equal derivation that is complete is the answer; one that was interrupted is continued; else a new one begins. */
async function chooseDerivation(
  opened: Case,
  prepared: Prepared,
  terms: { readonly options: IngestOptions; readonly taken: CaseCapture; readonly authority: CaseAuthority },
): Promise<{ derivation: CaseDerivation; repeated: boolean }> {
  await opened.refresh();
  const ofCapture = [...opened.state.derivations.values()].filter((one) => one.capture === terms.taken.sha256);
  const equal = ofCapture.find(
    (one) =>
      one.decoder === prepared.decoder &&
      one.authority === terms.authority.authority.id &&
      one.profile === prepared.profile &&
      one.keyIds.join() === prepared.keyIds.join(),
  );
  if (equal !== undefined) return { derivation: equal, repeated: equal.totals !== null };
  await refuseExpunged(opened, terms.taken, terms.authority.authority.id);
  const derivation = await recordDerivation(opened, prepared, {
    capture: terms.taken,
    authority: terms.authority,
    keys: terms.options.keys,
    supersedes: ofCapture.findLast((one) => one.current)?.entry ?? null,
    ...(terms.options.format !== undefined && { wantedFormat: terms.options.format }),
    ...(terms.options.region !== undefined && { region: terms.options.region }),
  });
  return { derivation, repeated: false };
}

/** A new derivation would bring back from the original what an order took out. */
async function refuseExpunged(opened: Case, { sha256, name }: CaseCapture, authority: string): Promise<void> {
  const orders = ordersOn(opened, sha256);
  if (orders.length === 0) return;
  const which = orders.map(({ order }) => `"${order.id}"`).join(', ');
  const why = `content of ${name} was expunged under order ${which}: decoding its sealed original anew would bring it back`;
  await refuse(opened, 'ingest', why, authority);
}
