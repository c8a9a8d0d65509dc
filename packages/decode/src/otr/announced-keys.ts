import type { Announced } from './otr-survey.ts';

/** Keys of a key exchange that are looked at for one message. */
const MOST_EXCHANGES = 32;

/** The public keys of one session, found by who announced them and under which id. */
export class AnnouncedKeys {
  readonly #byId = new Map<string, Announced[]>();
  readonly #exchanges: Announced[];
  readonly #orders: readonly number[];

  constructor(announced: readonly Announced[]) {
    this.#exchanges = announced.filter(({ keyId }) => keyId === 0).sort((a, b) => a.order - b.order);
    this.#orders = this.#exchanges.map(({ order }) => order);
    for (const one of announced) {
      if (one.keyId === 0) continue;
      const name = `${one.who}\n${one.keyId}`;
      const list = this.#byId.get(name);
      if (list === undefined) this.#byId.set(name, [one]);
      else list.push(one);
    }
  }

  /** How many keys of key exchanges stand before a place of the transcript: ids begin anew with each exchange. */
  exchangeOf(order: number): number {
    let [low, high] = [0, this.#orders.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#orders[middle] as number) < order) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  announces(who: string, keyId: number): boolean {
    return this.#byId.has(`${who}\n${keyId}`);
  }

  /** Keys that an id may mean in an exchange: announced under it since that exchange, keys of exchanges, the others. */
  named(who: string, keyId: number, exchange: number): Announced[] {
    const start = this.#orders[exchange - 1] ?? 0;
    const end = this.#orders[exchange] ?? Number.POSITIVE_INFINITY;
    const under = this.#byId.get(`${who}\n${keyId}`) ?? [];
    const inside = under.filter(({ order }) => order >= start && order < end);
    const others = under.filter(({ order }) => order < start || order >= end);
    others.sort((a, b) => Math.abs(a.order - start) - Math.abs(b.order - start));
    return [...inside, ...this.#exchangeKeys(who, exchange), ...others.slice(0, MOST_EXCHANGES)];
  }

  /** Keys of exchanges, the latest before first. */
  #exchangeKeys(who: string, exchange: number): Announced[] {
    const keys: Announced[] = [];
    for (let i = exchange - 1; i >= 0 && keys.length < MOST_EXCHANGES / 2; i--) {
      if (this.#exchanges[i]?.who === who) keys.push(this.#exchanges[i] as Announced);
    }
    for (let i = exchange; i < this.#exchanges.length && keys.length < MOST_EXCHANGES; i++) {
      if (this.#exchanges[i]?.who === who) keys.push(this.#exchanges[i] as Announced);
    }
    return keys;
  }
}
