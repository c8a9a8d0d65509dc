import { randomBytes } from 'node:crypto';
import { type CborValue, hexEncode } from '@custody/bytes';
import { type CommitObject, encodeVerifierKey, verifierKey } from '@custody/chain';
import {
  type Compartment,
  type ContentCompartment,
  compartments,
  contentCompartments,
  encodeStatement,
  encodeSuccession,
  rewriteName,
  SUCCESSION_PREFIX,
  signerFromSeed,
  storeObject,
} from '@custody/segment';
import { generateIdentity } from '@custody/vault';
import {
  type CompartmentKeys,
  LOG_SEED_KEY,
  NAMING_KEY,
  newestGeneration,
  openLogSeed,
  openNamingKey,
} from '../case-keys.ts';
import { usage } from '../errors.ts';
import { finishRewrites } from '../finish-rewrites.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { copyFor, recipientText, storeKeyCopy } from './key-copies.ts';

/** What an act on keys did: `custody key … --json`. */
export interface KeyReport {
  readonly act: string;
  /** Log entry of the act. */
  readonly entry: number;
  readonly compartments: readonly string[];
  /** Segments of which the content was sealed anew. */
  readonly resealed: number;
  /** The log's newest verifier key: what a reader pins from now on. */
  readonly verifierKey: string;
  readonly notes: readonly string[];
}

export interface Grant {
  readonly compartment: Compartment;
  /** age recipient of the person. */
  readonly recipient: string;
}

/** Enrols persons after `init`: each gets every generation of the compartment's key that the giver holds. */
export async function addPersons(opened: Case, grants: readonly Grant[], reason: string): Promise<KeyReport> {
  const keys = await currentKeys(opened);
  const next: Record<string, CompartmentKeys[Compartment]> = { ...keys };
  const objects: CommitObject[] = [];
  for (const [compartment, own] of Map.groupBy(grants, (one) => one.compartment)) {
    const recipients = own.map(({ recipient }) => recipientText(recipient));
    objects.push(...(await copyFor(opened, compartment, recipients)));
    next[compartment] = { ...keys[compartment], holders: [...new Set([...keys[compartment].holders, ...recipients])] };
  }
  const named = [...new Set(grants.map(({ compartment }) => compartment))];
  const about = {
    act: 'add-person',
    reason,
    compartments: named,
    recipients: grants.map(({ recipient }) => recipient),
  };
  return append(opened, about, { keys: next as unknown as CompartmentKeys, objects });
}

/** A person's new identity in place of the old one, in every compartment where the old one is a holder. */
export async function replacePerson(
  opened: Case,
  terms: { readonly old: string; readonly next: string; readonly reason: string },
): Promise<KeyReport> {
  const keys = await currentKeys(opened);
  const [old, fresh] = [recipientText(terms.old), recipientText(terms.next)];
  const next: Record<string, CompartmentKeys[Compartment]> = { ...keys };
  const objects: CommitObject[] = [];
  const named = compartments.filter((name) => keys[name].holders.includes(old));
  if (named.length === 0) throw usage('ARGUMENT_INVALID', `${old} is no holder of any compartment`);
  for (const name of named) {
    objects.push(...(await copyFor(opened, name, [fresh])));
    const holders = keys[name].holders.filter((holder) => holder !== old);
    next[name] = { ...keys[name], holders: [...new Set([...holders, fresh])] };
  }
  const about = { act: 'replace-person', reason: terms.reason, compartments: named, recipients: [old, fresh] };
  const report = await append(opened, about, { keys: next as unknown as CompartmentKeys, objects });
  const note =
    'the old identity still opens what was sealed to it: if it is lost to somebody, "custody key rotate --without" each compartment, --reseal';
  return { ...report, notes: [...report.notes, note] };
}

export interface RotateTerms {
  readonly compartment: Compartment;
  /** age recipients that lose it, and that get it. */
  readonly without?: readonly string[];
  readonly with?: readonly string[];
  /** Seal the content of all segments anew, so that the old identity opens none of it. */
  readonly reseal?: boolean;
  readonly reason: string;
  readonly progress?: Progress;
}

/** Gives a compartment another identity for whatever is stored from now on. */
export async function rotateCompartment(opened: Case, terms: RotateTerms): Promise<KeyReport> {
  const { compartment, reason } = terms;
  const keys = await currentKeys(opened);
  requireNothingUnderWay(opened);
  if (opened.held[compartment] === undefined)
    throw usage('NO_RIGHTS', `you do not hold the compartment "${compartment}"`);
  const without = new Set((terms.without ?? []).map(recipientText));
  const holders = [...new Set([...keys[compartment].holders, ...(terms.with ?? []).map(recipientText)])].filter(
    (holder) => !without.has(holder),
  );
  if (holders.length === 0) throw usage('ARGUMENT_INVALID', 'nobody would hold it any more');
  const identity = generateIdentity();
  const generation = newestGeneration(opened.ledger.objects.keys(), compartment) + 1;
  const own = { name: compartment, generation, text: `${identity.secret}\n`, first: true };
  const objects = [
    await storeKeyCopy(opened, own, holders),
    ...(await carryOver(opened, compartment, identity.recipient)),
  ];
  const next = { ...keys, [compartment]: { recipient: identity.recipient, holders } };
  const about = { act: 'rotate', reason, compartments: [compartment], recipients: [...without] };
  const report = await append(opened, about, { keys: next, objects });
  await opened.refreshKeys();
  const resealed = terms.reseal === true ? await reseal(opened, compartment, terms) : 0;
  return { ...report, resealed, notes: [...report.notes, ...rotationNotes(compartment, terms.reseal === true)] };
}

/** The log's next signing key, named by the one before it. */
export async function rotateLogKey(opened: Case, reason: string): Promise<KeyReport> {
  const keys = await currentKeys(opened);
  const current = await openLogSeed(opened.vault, opened.ledger, opened.held);
  const seed = new Uint8Array(randomBytes(32));
  const next = signerFromSeed(seed);
  const generation = newestGeneration(opened.ledger.objects.keys(), LOG_SEED_KEY) + 1;
  const own = { name: LOG_SEED_KEY, generation, text: hexEncode(seed), first: true };
  const note = encodeSuccession(opened.ledger.origin, signerFromSeed(current), next);
  const objects = [
    await storeKeyCopy(opened, own, [keys.log.recipient]),
    await storeObject(opened.vault, `${SUCCESSION_PREFIX}${generation}`, Buffer.from(note, 'utf8')),
  ];
  const about = { act: 'log-succession', reason, compartments: ['log' as const], recipients: [] };
  const report = await append(opened, about, { keys, objects });
  // Signed with the new key: what is disclosed from now on need not rest on the old one.
  await append(opened, { ...about, act: 'log-key-in-use' }, { keys, objects: [] });
  const key = encodeVerifierKey(verifierKey(opened.ledger.origin, next.publicKey));
  const notes = [
    'who pinned the old key still verifies the case: the succession is followed. Exhibits from now on are signed with the new key: hand it on',
    'witnesses and a policy file name the key of the log: give them the new one',
  ];
  return { ...report, verifierKey: key, notes };
}

/** What else a compartment's identity opens, sealed to the new one, too. */
async function carryOver(opened: Case, compartment: Compartment, recipient: string): Promise<CommitObject[]> {
  const { vault, ledger, held } = opened;
  const newest = (key: string) => newestGeneration(ledger.objects.keys(), key);
  if (compartment === 'log') {
    const text = hexEncode(await openLogSeed(vault, ledger, held));
    return [await storeKeyCopy(opened, { name: LOG_SEED_KEY, generation: newest(LOG_SEED_KEY), text }, [recipient])];
  }
  if (compartment === 'source') {
    const text = hexEncode(await openNamingKey(vault, ledger.objects, held));
    return [await storeKeyCopy(opened, { name: NAMING_KEY, generation: newest(NAMING_KEY), text }, [recipient])];
  }
  return [];
}

/** Writes every part that the compartment's old identity could open as a next generation, and destroys what was. */
async function reseal(
  opened: Case,
  compartment: Compartment,
  { progress, reason }: { readonly progress?: Progress; readonly reason: string },
): Promise<number> {
  if (compartment === 'log') return 0;
  const wanted: readonly ContentCompartment[] = compartment === 'source' ? contentCompartments : [compartment];
  const { rewrites, objects, segments } = opened.ledger;
  const all = segments.flatMap((segment) => {
    const own = wanted.filter((name) => rewrites.current(segment, name, objects) !== null);
    const { derive, unit, part } = segment;
    return own.length === 0 ? [] : [{ derive, unit, part, compartments: own }];
  });
  if (all.length === 0) return 0;
  const bytes = encodeStatement({ leaves: [], segments: all, names: [] });
  const statement = await storeObject(opened.vault, rewriteName(hexEncode(randomBytes(16))), bytes);
  const event = opened.draft('dispose', {
    reason,
    subject: new Map([
      ['act', 'reseal'],
      ['compartment', compartment],
    ]),
    detail: new Map([['statement', statement.sha256]]),
  });
  await opened.append([event], [statement]);
  await finishRewrites(opened, progress === undefined ? {} : { progress });
  return all.length;
}

async function append(
  opened: Case,
  about: {
    readonly act: string;
    readonly reason: string;
    readonly compartments: readonly Compartment[];
    readonly recipients: readonly string[];
  },
  now: { readonly keys: CompartmentKeys; readonly objects: readonly CommitObject[] },
): Promise<KeyReport> {
  const event = opened.draft('key', {
    reason: about.reason,
    subject: new Map<string, CborValue>([
      ['act', about.act],
      ['compartments', [...about.compartments]],
      ['recipients', [...about.recipients]],
    ]),
    detail: new Map([['compartments', JSON.stringify(now.keys)]]),
  });
  const [entry] = await opened.append([event], now.objects);
  const { current } = opened.ledger.keys;
  const { act, compartments: named } = about;
  return {
    ...{ act, entry: entry?.index ?? -1, compartments: named, resealed: 0 },
    ...{ verifierKey: encodeVerifierKey(current), notes: [] },
  };
}

async function currentKeys(opened: Case): Promise<CompartmentKeys> {
  await opened.refresh();
  if (opened.state.keys === null) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
  return opened.state.keys;
}

/** Workers of a derivation share keys that follow from a compartment's identity. */
function requireNothingUnderWay(opened: Case): void {
  const open = [...opened.state.derivations.values()].find(({ totals }) => totals === null);
  if (open === undefined) return;
  throw usage(
    'DERIVATION_UNFINISHED',
    `derivation ${open.entry} is under way or was interrupted: "custody resume" first`,
  );
}

function rotationNotes(compartment: Compartment, resealed: boolean): string[] {
  if (compartment === 'log')
    return ['who had it knows the signing key: "custody key rotate-log" gives the log another'];
  const rest =
    compartment === 'source' ? 'originals and supplied keys' : compartment === 'evidence' ? 'events of the log' : '';
  if (!resealed) return ['what was stored before opens with the old identity, too; --reseal writes segments anew'];
  return rest === '' ? [] : [`${rest} stored before stay as they are: the old identity opens them`];
}
