import type { CborValue } from '@custody/bytes';
import { type Id, type People, partyOf, serviceId } from './people.ts';
import type { Message, Value } from './schema/read-message.ts';
import { count, type Tally } from './tally.ts';

/** Live credentials: they open accounts, groups, calls, subscriptions and files on the servers. Never taken over. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  ...['profileKey', 'svrPin', 'entropy', 'subscriberId', 'purchaseToken', 'masterKey', 'inviteLinkPassword', 'rootKey'],
  ...['adminKey', 'mediaRootBackupKey', 'key', 'localKey', 'receiptCredentialPresentation'],
]);
/** Numbers that the backup gives to recipients. */
const RECIPIENTS: ReadonlySet<string> = new Set([
  ...['authorId', 'recipientId', 'voterId', 'adminId', 'ringerRecipientId', 'startedCallRecipientId'],
  ...['memberRecipientIds', 'allowedMembers', 'includedRecipientIds', 'excludedRecipientIds'],
]);
/** Bytes that are UUIDs. */
const UUIDS = /(?:aci|pni|userid|serviceid|distributionid|serverid|uuid|^id)$/i;

/** Everything a message says, as named values; `placed` are the names that stand elsewhere in the item. */
export class NamedFields {
  readonly #people: People;
  readonly #tally: Tally;

  constructor(people: People, tally: Tally) {
    this.#people = people;
    this.#tally = tally;
  }

  *of(message: Message, placed: ReadonlySet<string> = new Set()): Generator<[string, CborValue]> {
    for (const [name, value] of Object.entries(message)) {
      if (value === undefined || placed.has(name) || isEmpty(value)) continue;
      if (CREDENTIALS.has(name)) count(this.#tally.withheld, name);
      else yield [name, this.#value(name, value)];
    }
  }

  map(message: Message, placed?: ReadonlySet<string>): CborValue {
    return new Map(this.of(message, placed));
  }

  person(id: Id): CborValue {
    const person = this.#people.persons.get(id);
    const { type, value } = partyOf(this.#people, id);
    const named = new Map<string, CborValue>([
      ['recipient', id],
      ['type', type],
      ['value', value],
    ]);
    if (person?.aci != null && type !== 'signal-aci') named.set('aci', person.aci);
    return named;
  }

  #value(name: string, value: Value): CborValue {
    if (Array.isArray(value)) return (value as readonly Value[]).map((one) => this.#value(name, one));
    if (value instanceof Uint8Array) return (UUIDS.test(name) ? serviceId(value) : null) ?? value;
    if (typeof value === 'object') return this.map(value as Message);
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (RECIPIENTS.has(name)) return this.person(value);
      // What is committed must not depend on how a fraction is written.
      return typeof value === 'bigint' || Number.isSafeInteger(value) ? value : String(value);
    }
    return value;
  }
}

function isEmpty(value: Value): boolean {
  return value === '' || (value instanceof Uint8Array && value.length === 0);
}
