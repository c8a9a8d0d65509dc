import type { Item } from '@custody/evidence';
import { partyName } from './pair-key.ts';

/** Ours: that many messages, and two thirds of all of a name, tell whom the other side calls so. */
const LEAST = 3;

/** Who is who, where each side calls people as its own address book does: by the messages that both have. */
export class NamePairs {
  readonly #counts = new Map<string, Map<string, number>>();

  add(one: Item | undefined, other: Item | undefined): void {
    if (one?.sender == null || other?.sender == null) return;
    const [name, called] = [partyName(one.sender), partyName(other.sender)];
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts.set(called, (counts.get(called) ?? 0) + 1));
  }

  /** False where a message of this sender is shown as somebody else's than nearly all others of theirs are. */
  agree({ sender: one }: Item, { sender: other }: Item): boolean {
    if (one === null || other === null) return true;
    const counts = this.#counts.get(partyName(one)) ?? new Map<string, number>();
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const [best] = [...counts].sort((x, y) => y[1] - x[1]);
    if (best === undefined || best[1] < LEAST || best[1] * 3 < all * 2) return true;
    return best[0] === partyName(other);
  }
}

/** What differs between two messages that were recognised by their text: the sender against all others, and the files. */
export function differingTexts(one: Item, other: Item, names: NamePairs): string[] {
  const files = ({ attachments }: Item) => attachments.map(({ sha256 }) => sha256);
  const [here, there] = [files(one), files(other)];
  const areKnown = [...here, ...there].every((hash) => hash !== null);
  const isSame = here.length === there.length && here.every((hash, i) => hash === there[i]);
  return [...(areKnown && !isSame ? ['attachments'] : []), ...(names.agree(one, other) ? [] : ['sender'])];
}
