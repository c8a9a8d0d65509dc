import { randomBytes } from 'node:crypto';
import { utf8Encode } from '@custody/bytes';
import { encodeVerifierKey, verifierKey } from '@custody/chain';
import { type Compartment, compartments, FORMAT_NAME, Ledger, STORE_FORMAT, storeObject } from '@custody/segment';
import { readRecipient } from '@custody/vault';
import { makeCaseSecrets, makeCompartments } from './case-keys.ts';
import { usage } from './errors.ts';
import { Case, openCase, VERIFIER_KEY_NAME } from './open-case.ts';
import { encodePlace, type NewStore, ORIGINALS_PLACE_NAME, openNewStore } from './open-store.ts';
import type { Person } from './person.ts';
import { selfTest } from './self-test.ts';

export interface CreateOptions extends NewStore {
  readonly title?: string;
  /** `domain/id`, the log's name for ever. */
  readonly origin?: string;
  /** Further holders: compartment and age recipient. A compartment named here is held by those and not by its maker,
   *  except `evidence` and `log`, without which nobody could go on. */
  readonly recipients?: readonly { readonly compartment: string; readonly recipient: string }[];
  readonly person: Person;
}

/**
 * Creates an empty case whose first entry says who made it, who holds what, and which known answers the program gave.
 * Throws UsageError CASE_EXISTS, IntegrityError SELF_TEST_FAILED.
 */
export async function createCase(location: string, options: CreateOptions): Promise<Case> {
  const tested = selfTest();
  const holders = holdersOf(options);
  const vault = await openNewStore(location, options);
  for await (const object of vault.list('')) {
    throw usage('CASE_EXISTS', `${location} is not empty (${object.name}): a case is made in an empty place`);
  }
  const origin = options.origin ?? `case.custody.invalid/${randomBytes(8).toString('hex')}`;
  const { keys, held, objects } = await makeCompartments(vault, holders);
  const secrets = await makeCaseSecrets(vault, keys);
  const key = verifierKey(origin, secrets.signer.publicKey);
  const stored = [
    await storeObject(vault, VERIFIER_KEY_NAME, utf8Encode(`${encodeVerifierKey(key)}\n`)),
    ...(options.originals === undefined
      ? []
      : [await storeObject(vault, ORIGINALS_PLACE_NAME, encodePlace(options.originals))]),
    await storeObject(vault, FORMAT_NAME, utf8Encode(STORE_FORMAT)),
  ];
  const ledger = await Ledger.open(vault, key);
  const maker = new Case({ vault, ledger, person: options.person, held, verifierKey: key });
  const init = maker.draft('init', {
    subject: new Map([
      ['origin', origin],
      ['title', options.title ?? ''],
    ]),
    detail: new Map([
      ['compartments', JSON.stringify(keys)],
      ['selfTest', JSON.stringify(tested)],
      ...(options.originals === undefined ? [] : ([['originals', JSON.stringify(options.originals)]] as const)),
    ]),
  });
  await ledger.append([init], [...objects, ...secrets.objects, ...stored], {
    log: secrets.signer,
    actor: options.person.signer,
    eventRecipients: [keys.evidence.recipient],
  });
  return openCase(location, { person: options.person });
}

function holdersOf({ recipients = [], person }: CreateOptions): Record<Compartment, readonly string[]> {
  const named = new Map<Compartment, string[]>();
  for (const { compartment, recipient } of recipients) {
    const name = compartments.find((known) => known === compartment);
    if (name === undefined) {
      throw usage('ARGUMENT_INVALID', `no compartment "${compartment}": there are ${compartments.join(', ')}`);
    }
    named.set(name, [...(named.get(name) ?? []), readRecipient(recipient).text]);
  }
  const own = person.identity.recipient;
  const entries = compartments.map((name) => {
    const others = named.get(name);
    const makerToo = others === undefined || name === 'evidence' || name === 'log';
    return [name, [...new Set(makerToo ? [own, ...(others ?? [])] : others)]] as const;
  });
  return Object.fromEntries(entries) as unknown as Record<Compartment, readonly string[]>;
}
