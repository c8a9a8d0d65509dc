import { CaseNodes } from './case-nodes.ts';
import { CaseThread } from './case-thread.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeHeader } from './exchange-item.ts';
import type { ExportFile } from './export-folder.ts';
import { conversationOf, isMessage } from './item-text.ts';

/** Prefixes of CASE 1.4.0 and UCO 1.4.0. `kb` is ours: every identifier in it ends with a UUID, as the shapes suggest. */
const CONTEXT = {
  kb: 'http://example.org/kb/',
  co: 'http://purl.org/co/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

/**
 * CASE 1.4.0 / UCO 1.4.0 as JSON-LD. Only `observable` classes that the ontology has: what it lacks (edits, deletions,
 * reactions) is a message whose `messageType` says so. A key is never written, whatever the item had.
 */
export const caseUco: ExchangeFormat = {
  name: 'case-uco',
  standard: 'CASE 1.4.0 / UCO 1.4.0, JSON-LD',
  async write(items, header, folder) {
    const file = await folder.file('case.jsonld');
    const graph = new GraphWriter(file);
    await graph.begin();
    const nodes = new CaseNodes(header);
    await graph.add(nodes.tool());
    let thread = new CaseThread(nodes);
    let key: string | null | undefined;
    for await (const one of items) {
      if (key !== undefined && conversationOf(one) !== key) {
        await graph.add(thread.nodes());
        thread = new CaseThread(nodes);
      }
      key = conversationOf(one);
      await graph.add(nodes.item(one));
      if (key !== null && isMessage(one)) thread.add(one);
    }
    await graph.add(thread.nodes());
    await graph.add(investigation(nodes, header));
    await graph.end();
    return nodes.notes();
  },
};

function investigation(nodes: CaseNodes, header: ExchangeHeader): object[] {
  const authorisations = header.authorities.map((one) => ({
    '@id': nodes.id('authorization', one.id),
    '@type': 'case-investigation:Authorization',
    'uco-core:name': one.reference,
    'uco-core:description': `issued by ${one.issuedBy}`,
    'case-investigation:authorizationIdentifier': one.id,
    ...(one.type !== null && { 'case-investigation:authorizationType': one.type }),
    ...(one.validFrom !== null && { 'uco-core:startTime': nodes.time(one.validFrom) }),
    ...(one.validTo !== null && { 'uco-core:endTime': nodes.time(one.validTo) }),
  }));
  const provenance = {
    '@id': nodes.id('provenance', header.size),
    '@type': 'case-investigation:ProvenanceRecord',
    'uco-core:description': `Items of the custody log ${header.origin} at size ${header.size}. Verifier key ${header.verifierKey}. Selection: ${header.selection.join('; ')}.`,
    ...(header.exhibitRef !== null && { 'case-investigation:exhibitNumber': header.exhibitRef }),
    'uco-core:object': nodes.captures(),
  };
  return [
    ...authorisations,
    provenance,
    {
      '@id': nodes.id('investigation', header.origin),
      '@type': 'case-investigation:Investigation',
      'uco-core:name': header.title,
      'case-investigation:relevantAuthorization': authorisations.map((one) => ({ '@id': one['@id'] })),
      'uco-core:object': [{ '@id': provenance['@id'] }],
    },
  ];
}

/** Writes the array of nodes as they come. */
class GraphWriter {
  readonly #file: ExportFile;
  #count = 0;

  constructor(file: ExportFile) {
    this.#file = file;
  }

  async begin(): Promise<void> {
    await this.#file.write(`{"@context": ${JSON.stringify(CONTEXT)},\n"@graph": [`);
  }

  async add(nodes: readonly object[]): Promise<void> {
    for (const node of nodes) await this.#file.write(`${this.#count++ === 0 ? '' : ','}\n${JSON.stringify(node)}`);
  }

  async end(): Promise<void> {
    await this.#file.write(']}\n');
    await this.#file.close();
  }
}
