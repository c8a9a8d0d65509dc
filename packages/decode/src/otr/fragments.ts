import type { OtrFragment } from './otr-message.ts';

/** A message put together from its pieces, with the places of all pieces in order. */
export interface Assembled<Place> {
  readonly text: string;
  readonly places: readonly Place[];
}

/** Text kept of one message whose pieces are still coming. */
const MOST_TEXT = 16 * 1024 * 1024;
/** Messages whose pieces are still coming, over the whole transcript. */
const MOST_OPEN = 10_000;

/**
 * Puts fragments together as the specification has it: piece 1 begins, piece k+1 continues piece k of the same n,
 * anything else is forgotten. What was forgotten is counted: it is a gap in the transcript.
 */
export class Reassembly<Place> {
  readonly #open = new Map<string, { next: number; of: number; text: string; places: Place[] }>();
  /** Pieces that never became a message. */
  readonly #dropped: Place[] = [];

  /** `from` names the stream: sender, recipient. Returns the message that this piece completes. */
  add(from: string, fragment: OtrFragment, place: Place): Assembled<Place> | null {
    const key = `${from}\n${fragment.tags.sender}\n${fragment.tags.receiver}`;
    const open = this.#open.get(key);
    if (fragment.number === 1) {
      if (open !== undefined) this.#drop(open.places);
      if (fragment.of === 1) return { text: fragment.piece, places: [place] };
      if (this.#open.size >= MOST_OPEN && open === undefined) this.#dropped.push(place);
      else this.#open.set(key, { next: 2, of: fragment.of, text: fragment.piece, places: [place] });
      return null;
    }
    const fits = open !== undefined && fragment.number === open.next && fragment.of === open.of;
    if (!fits || open.text.length + fragment.piece.length > MOST_TEXT) {
      if (open !== undefined) this.#drop(open.places);
      this.#open.delete(key);
      this.#dropped.push(place);
      return null;
    }
    open.text += fragment.piece;
    open.places.push(place);
    open.next++;
    if (fragment.number < fragment.of) return null;
    this.#open.delete(key);
    return { text: open.text, places: open.places };
  }

  /** Pieces that never became a message, those still waiting included. */
  incomplete(): readonly Place[] {
    return [...this.#dropped, ...[...this.#open.values()].flatMap(({ places }) => places)];
  }

  #drop(places: readonly Place[]): void {
    this.#dropped.push(...places);
  }
}
