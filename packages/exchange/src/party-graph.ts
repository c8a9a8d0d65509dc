import type { Party } from '@custody/evidence';
import type { ExchangeItem } from './exchange-item.ts';
import { isoTime, partyKey, partyLabel } from './item-text.ts';

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
}

/** Who sent to whom, by kind of item. Times are ISO 8601 UTC; null where no item of it is dated. */
export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly kind: string;
  weight: number;
  first: string | null;
  last: string | null;
  /** LeafIndex and leaf hash of its first item in reading order. */
  readonly item: number;
  readonly leaf: string;
}

/** Memory grows with parties and pairs, never with items. */
export class PartyGraph {
  readonly nodes: Map<string, GraphNode> = new Map();
  readonly edges: Map<string, GraphEdge> = new Map();
  /** Items that say not both who sent and who received. */
  unconnected = 0;

  static async of(items: AsyncIterable<ExchangeItem>): Promise<PartyGraph> {
    const graph = new PartyGraph();
    for await (const one of items) graph.add(one);
    return graph;
  }

  add(one: ExchangeItem): void {
    const { sender, recipients, owner } = one.item;
    for (const party of [sender, ...(recipients ?? []), owner]) if (party !== null) this.#node(party);
    if (sender === null || recipients === null || recipients.length === 0) this.unconnected++;
    else for (const recipient of recipients) this.#edge(one, { source: partyKey(sender), target: partyKey(recipient) });
  }

  notes(): string[] {
    return this.unconnected === 0
      ? []
      : [`${this.unconnected} item(s) do not say both who sent and who received: they are no link`];
  }

  #node(party: Party): void {
    const id = partyKey(party);
    if (!this.nodes.has(id)) this.nodes.set(id, { id, label: partyLabel(party), kind: party.type });
  }

  #edge(one: ExchangeItem, { source, target }: { readonly source: string; readonly target: string }): void {
    const { kind } = one.item;
    const key = JSON.stringify([source, target, kind]);
    const at = isoTime(one.item.sentAt);
    const known = this.edges.get(key);
    if (known === undefined) {
      const id = `e${this.edges.size + 1}`;
      const { index: item, leaf } = one;
      this.edges.set(key, { id, source, target, kind, weight: 1, first: at, last: at, item, leaf });
      return;
    }
    known.weight++;
    if (at === null) return;
    if (known.first === null || at < known.first) known.first = at;
    if (known.last === null || at > known.last) known.last = at;
  }
}
