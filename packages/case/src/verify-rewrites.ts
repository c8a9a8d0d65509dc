import type { Ledger } from '@custody/segment';
import type { Vault } from '@custody/vault';
import type { Failure } from './failure.ts';
import { isOutdatedLinks } from './links/outdated-links.ts';
import type { Case } from './open-case.ts';
import { isOutdatedOrder } from './ordered/order-object.ts';
import { outdatedTileObjects } from './queried-tiles.ts';

/** What the clear statements of the log say must be gone, held against what stands. Needs no key. */
export class RewriteCheck {
  readonly #vault: Vault;
  readonly #ledger: Ledger;
  readonly #outdated: ReadonlySet<string>;
  #destroyed = 0;

  constructor(vault: Vault, ledger: Ledger) {
    this.#vault = vault;
    this.#ledger = ledger;
    const touched = ledger.rewrites.all.length === 0 ? [] : ledger.segments;
    this.#outdated = new Set(touched.flatMap((segment) => outdatedTileObjects(ledger, segment)));
  }

  /** True for an object that is not to be read: it is destroyed, or is left of what was ordered to be. */
  concerns(name: string): boolean {
    const { rewrites } = this.#ledger;
    const count = rewrites.all.length;
    if (isOutdatedLinks(name, count) || isOutdatedOrder(name, count)) return true;
    return rewrites.destroyedBy(name) !== null || this.#outdated.has(name);
  }

  /** An empty object of the index bars a name against late jobs. */
  isTombstone(name: string, length: number): boolean {
    return length === 0 && name.startsWith('index/') && this.#ledger.rewrites.all.length > 0;
  }

  /** Null where the object is gone as it must be, or is kept by a lock that its order knew of. */
  async failureOf(name: string): Promise<Failure | null> {
    const info = await this.#vault.info(name);
    if (info === null || info.length === 0) {
      this.#destroyed++;
      return null;
    }
    const entry = this.#ledger.rewrites.destroyedBy(name);
    const by = entry === null ? 'an order or decision' : `log entry ${entry}`;
    return {
      object: name,
      code: 'EXPUNGEMENT_UNFINISHED',
      message: `${name} was to be destroyed by ${by} and stands: it was interrupted, or a backup was restored. "custody resume" destroys it`,
    };
  }

  /** What was expunged, in words, with the orders' names for who may read them. */
  notes(opened: Case | null): string[] {
    const { rewrites } = this.#ledger;
    const out = rewrites.all.flatMap(({ entry, leaves }) => {
      const count = leaves.reduce((sum, [, many]) => sum + many, 0);
      if (count === 0) return [];
      const order = opened?.state.history.orderOf(entry)?.order;
      const under = order === undefined ? '' : ` under order "${order.id}" (${order.reference})`;
      return [
        `${count} position(s) expunged${under}, log entry ${entry}: their commitments stand, their content is gone`,
      ];
    });
    if (this.#destroyed > 0) out.push(`${this.#destroyed} stored object(s) are destroyed, as the log ordered`);
    return out;
  }
}
