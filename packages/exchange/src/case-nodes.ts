import type { Attachment, Party } from '@custody/evidence';
import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import { bodyText, isMessage, isoTime, partyKey } from './item-text.ts';
import { nameImpossible } from './name-impossible.ts';
import { nameUuid } from './name-uuid.ts';

export interface CaseReference {
  readonly '@id': string;
}

/** Makes nodes of the graph; each party, platform and capture once. */
export class CaseNodes {
  readonly #header: ExchangeHeader;
  readonly #known = new Map<string, CaseReference>();
  readonly #captures: CaseReference[] = [];
  #unlike = 0;

  constructor(header: ExchangeHeader) {
    this.#header = header;
  }

  id(kind: string, ...names: readonly (string | number)[]): string {
    return `kb:${kind}-${nameUuid(this.#header.origin, this.#header.size, kind, ...names)}`;
  }

  time(iso: string): object {
    return { '@type': 'xsd:dateTime', '@value': iso };
  }

  tool(): object[] {
    const { version, build } = this.#header.tool;
    const named = { 'uco-core:name': 'custody', 'uco-tool:version': version };
    return [
      { '@id': this.id('tool', build), '@type': 'uco-tool:Tool', ...named, 'uco-core:description': `build ${build}` },
    ];
  }

  captures(): readonly CaseReference[] {
    return this.#captures;
  }

  notes(): string[] {
    return this.#unlike === 0
      ? []
      : [`${this.#unlike} item(s) of kinds that CASE/UCO has no class for are plain observable objects`];
  }

  /** The item's nodes, those it refers to first. */
  item(one: ExchangeItem): object[] {
    const out: object[] = [];
    const { item } = one;
    const application = this.#application(item.platform, out);
    this.#capture(one.capture, out);
    const from = item.sender === null ? {} : { from: this.#account(item.sender, application, out) };
    const to = (item.recipients ?? []).map((party) => this.#account(party, application, out));
    const node = { '@id': this.itemId(one), ...this.#described(one) };
    if (isMessage(one)) out.push({ ...node, ...this.#message(one, { application, ...from, to }) });
    else if (item.kind === 'call') out.push({ ...node, ...this.#call(one, { application, ...from, to }) });
    else {
      this.#unlike++;
      out.push({ ...node, '@type': 'uco-observable:ObservableObject', 'uco-core:name': item.kind });
    }
    for (const [i, attachment] of item.attachments.entries()) this.#attachment(one, { attachment, i }, out);
    return out;
  }

  itemId({ index, leaf, item }: ExchangeItem): string {
    return this.id(item.kind, index, leaf);
  }

  /** What ties the node to the ledger, and what is withheld of it. */
  #described({ index, leaf, capture, withheld }: ExchangeItem): object {
    return {
      'uco-core:externalReference': {
        '@id': this.id('reference', index, leaf),
        '@type': 'uco-core:ExternalReference',
        'uco-core:definingContext': `custody log ${this.#header.origin}, capture SHA-256 ${capture}: item and leaf hash`,
        'uco-core:externalIdentifier': `${index} ${leaf}`,
      },
      ...(withheld.length > 0 && { 'uco-core:description': `withheld: ${withheld.join(', ')}` }),
    };
  }

  #message(one: ExchangeItem, ends: Ends): object {
    const { item } = one;
    const body = bodyText(one);
    const sent = isoTime(item.sentAt);
    return {
      '@type': 'uco-observable:Message',
      'uco-core:hasFacet': {
        '@id': this.id('facet', one.index),
        '@type': 'uco-observable:MessageFacet',
        ...endsOf(ends),
        ...(sent !== null && { 'uco-observable:sentTime': this.time(sent) }),
        ...(item.messageId !== null && { 'uco-observable:messageID': nameImpossible(item.messageId) }),
        ...(body !== null && { 'uco-observable:messageText': nameImpossible(body) }),
        'uco-observable:messageType': item.kind,
        ...(item.conversation !== null && { 'uco-observable:sessionID': nameImpossible(item.conversation) }),
      },
    };
  }

  #call(one: ExchangeItem, ends: Ends): object {
    const start = isoTime(one.item.sentAt);
    const end = isoTime(one.item.times?.get('until') ?? null);
    return {
      '@type': 'uco-observable:Call',
      'uco-core:hasFacet': {
        '@id': this.id('facet', one.index),
        '@type': 'uco-observable:CallFacet',
        ...endsOf(ends),
        ...(start !== null && { 'uco-observable:startTime': this.time(start) }),
        ...(end !== null && { 'uco-observable:endTime': this.time(end) }),
      },
    };
  }

  #attachment(one: ExchangeItem, { attachment, i }: { attachment: Attachment; i: number }, out: object[]): void {
    const id = this.id('attachment', one.index, i);
    const { name, mime, size, sha256 } = attachment;
    const hash = {
      '@id': this.id('hash', one.index, i),
      '@type': 'uco-types:Hash',
      'uco-types:hashMethod': 'SHA256',
      'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256 },
    };
    const content = {
      '@id': this.id('content', one.index, i),
      '@type': 'uco-observable:ContentDataFacet',
      ...(mime !== null && { 'uco-observable:mimeType': nameImpossible(mime) }),
      ...(size !== null && { 'uco-observable:sizeInBytes': size }),
      ...(sha256 !== null && { 'uco-observable:hash': hash }),
    };
    out.push({
      ...{ '@id': id, '@type': 'uco-observable:ObservableObject', 'uco-core:hasFacet': content },
      ...(name !== null && { 'uco-core:name': nameImpossible(name) }),
    });
    out.push({
      '@id': this.id('relationship', one.index, i),
      '@type': 'uco-observable:ObservableRelationship',
      'uco-core:source': { '@id': id },
      'uco-core:target': { '@id': this.itemId(one) },
      'uco-core:kindOfRelationship': 'Attachment_Of',
      'uco-core:isDirectional': true,
    });
  }

  #application(platform: string, out: object[]): CaseReference {
    return this.#once('application', platform, (id) => {
      const facet = { '@id': this.id('facet', platform), '@type': 'uco-observable:ApplicationFacet' };
      out.push({
        ...{ '@id': id, '@type': 'uco-observable:Application', 'uco-core:name': platform },
        'uco-core:hasFacet': { ...facet, 'uco-observable:applicationIdentifier': platform },
      });
    });
  }

  #capture(sha256: string, out: object[]): void {
    this.#once('capture', sha256, (id) => {
      const hash = {
        '@id': this.id('hash', sha256),
        '@type': 'uco-types:Hash',
        'uco-types:hashMethod': 'SHA256',
        'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256 },
      };
      const facet = { '@id': this.id('content', sha256), '@type': 'uco-observable:ContentDataFacet' };
      out.push({
        ...{ '@id': id, '@type': 'uco-observable:ObservableObject', 'uco-core:name': 'capture' },
        'uco-core:hasFacet': { ...facet, 'uco-observable:hash': hash },
      });
      this.#captures.push({ '@id': id });
    });
  }

  #account(party: Party, application: CaseReference, out: object[]): CaseReference {
    return this.#once('account', `${application['@id']} ${partyKey(party)}`, (id) => {
      const facet = (name: string, more: object): object => ({ '@id': this.id(name, id), ...more });
      const account = {
        '@type': 'uco-observable:AccountFacet',
        'uco-observable:accountIdentifier': nameImpossible(party.value),
        'uco-observable:accountType': nameImpossible(party.type),
      };
      const phone = {
        '@type': 'uco-observable:PhoneAccountFacet',
        'uco-observable:phoneNumber': nameImpossible(party.value),
      };
      out.push({
        ...{ '@id': id, '@type': 'uco-observable:ApplicationAccount' },
        ...(party.display !== undefined && { 'uco-core:name': nameImpossible(party.display) }),
        'uco-core:hasFacet': [
          facet('account-facet', account),
          facet('application-facet', {
            '@type': 'uco-observable:ApplicationAccountFacet',
            'uco-observable:application': application,
          }),
          ...(party.type === 'phone' ? [facet('phone-facet', phone)] : []),
        ],
      });
    });
  }

  #once(kind: string, name: string, make: (id: string) => void): CaseReference {
    const key = `${kind} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fresh = { '@id': this.id(kind, name) };
    this.#known.set(key, fresh);
    make(fresh['@id']);
    return fresh;
  }
}

interface Ends {
  readonly application: CaseReference;
  readonly from?: CaseReference;
  readonly to: readonly CaseReference[];
}

function endsOf({ application, from, to }: Ends): object {
  return {
    'uco-observable:application': application,
    ...(from !== undefined && { 'uco-observable:from': from }),
    ...(to.length > 0 && { 'uco-observable:to': to }),
  };
}
