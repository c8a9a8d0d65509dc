import type { CaseNodes, CaseReference } from './case-nodes.ts';
import type { ExchangeItem } from './exchange-item.ts';
import { conversationOf } from './item-text.ts';

/** Messages of one conversation in reading order, as UCO's thread. Keeps their identifiers only. */
export class CaseThread {
  readonly #nodes: CaseNodes;
  readonly #messages: CaseReference[] = [];
  #name = '';

  constructor(nodes: CaseNodes) {
    this.#nodes = nodes;
  }

  add(one: ExchangeItem): void {
    this.#name = conversationOf(one) ?? '';
    this.#messages.push({ '@id': this.#nodes.itemId(one) });
  }

  /** The thread with one item for each message; nothing where there is no message. */
  *entries(): Generator<object> {
    const thread = this.#nodes.id('thread', this.#name);
    const item = (i: number): CaseReference => ({ '@id': this.#nodes.id('thread-item', this.#name, i) });
    for (const [i, message] of this.#messages.entries()) {
      yield {
        ...item(i),
        '@type': 'uco-types:ThreadItem',
        'co:itemContent': message,
        ...(i > 0 && { 'uco-types:threadPreviousItem': item(i - 1) }),
        ...(i + 1 < this.#messages.length && { 'uco-types:threadNextItem': item(i + 1) }),
      };
    }
    yield {
      '@id': thread,
      '@type': 'uco-types:Thread',
      'co:size': { '@type': 'xsd:nonNegativeInteger', '@value': String(this.#messages.length) },
      'co:element': this.#messages,
      'co:item': this.#messages.map((_, i) => item(i)),
    };
    yield {
      '@id': this.#nodes.id('message-thread', this.#name),
      '@type': 'uco-observable:MessageThread',
      'uco-core:hasFacet': {
        '@id': this.#nodes.id('facet', this.#name),
        '@type': 'uco-observable:MessageThreadFacet',
        'uco-observable:messageThread': { '@id': thread },
      },
    };
  }

  nodes(): object[] {
    return this.#messages.length === 0 ? [] : [...this.entries()];
  }
}
