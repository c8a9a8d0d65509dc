import { randomBytes } from 'node:crypto';
import { hexEncode, utf8Encode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { type Compartment, compartments, storeObject } from '@custody/segment';
import { readRecipient, seal } from '@custody/vault';
import { generationsHeld } from '../case-keys.ts';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';

/** The compartment of that name. Throws UsageError ARGUMENT_INVALID. */
export function compartmentNamed(name: string): Compartment {
  const found = compartments.find((known) => known === name);
  if (found === undefined)
    throw usage('ARGUMENT_INVALID', `no compartment "${name}": there are ${compartments.join(', ')}`);
  return found;
}

/** One spelling of an age recipient. Throws UsageError RECIPIENT_INVALID. */
export function recipientText(recipient: string): string {
  return readRecipient(recipient).text;
}

/** A key as it is kept, sealed to somebody; a copy beside others has a random ending, since no name is written twice. */
export async function storeKeyCopy(
  opened: Case,
  key: { readonly name: string; readonly generation: number; readonly text: string; readonly first?: boolean },
  recipients: readonly string[],
): Promise<CommitObject> {
  const ending = key.first === true ? '' : `.${hexEncode(randomBytes(8))}`;
  const name = `keys/${key.name}-${key.generation}${ending}`;
  return storeObject(opened.vault, name, seal(utf8Encode(key.text), recipients));
}

/** Copies of every generation of a compartment for further persons. Throws UsageError NO_RIGHTS. */
export async function copyFor(
  opened: Case,
  compartment: Compartment,
  recipients: readonly string[],
): Promise<CommitObject[]> {
  const generations = await generationsHeld(opened.vault, opened.ledger.objects, {
    key: compartment,
    identities: [opened.requirePerson().identity.secret],
  });
  if (generations.size === 0)
    throw usage('NO_RIGHTS', `you do not hold the compartment "${compartment}", so you cannot give it to anybody`);
  const out: CommitObject[] = [];
  for (const [generation, text] of generations)
    out.push(await storeKeyCopy(opened, { name: compartment, generation, text }, recipients));
  return out;
}
