import { readFile } from 'node:fs/promises';
import { Parser, Writer } from 'n3';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { caseUco } from './case-uco.ts';
import { caseViolations } from './testing/case-shapes.ts';
import { sparqlViolations } from './testing/case-sparql.ts';
import { MemoryFolder } from './testing/memory-folder.ts';
import { hostileTexts, sampleHeader, sampleItem, sampleItems, streamed } from './testing/sample-items.ts';

interface Node {
  readonly '@id': string;
  readonly '@type': string;
  readonly [name: string]: unknown;
}

async function written(items = sampleItems()): Promise<{ document: { '@graph': Node[] }; text: string }> {
  const folder = new MemoryFolder();
  await caseUco.write(streamed(items), sampleHeader, folder);
  const text = folder.text('case.jsonld');
  return { document: JSON.parse(text), text };
}

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && '@type' in value && !('@value' in value)) yield value as Node;
  for (const inner of Object.values(value)) yield* nodesIn(inner);
}

describe('case-uco', () => {
  it('has each item once with its leaf, and no node twice', async () => {
    const { document, text } = await written();
    for (const one of sampleItems()) expect(text.split(`"${one.index} ${one.leaf}"`)).toHaveLength(2);
    const nodes = [...nodesIn(document)];
    expect(new Set(nodes.map((node) => node['@id'])).size).toBe(nodes.length);
    const uuid = /-[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    for (const node of nodes) expect(node['@id']).toMatch(uuid);
  });

  it('keeps texts, apart from what XML datatypes cannot hold', async () => {
    const { document } = await written();
    const messages = document['@graph'].filter((node) => node['@type'] === 'uco-observable:Message');
    const texts = messages.map((node) => (node['uco-core:hasFacet'] as Node)['uco-observable:messageText']);
    expect(texts).toContain(hostileTexts[0]);
    expect(texts).toContain(hostileTexts[1]);
    expect(texts).toContainEqual(expect.stringContaining('[U+0000][U+0001][U+001B][31mred'));
  });

  it('gives the same bytes again, and other names for another case', async () => {
    expect((await written()).text).toBe((await written()).text);
    const folder = new MemoryFolder();
    await caseUco.write(streamed(sampleItems()), { ...sampleHeader, origin: 'custody.example/other' }, folder);
    const others = [...nodesIn(JSON.parse(folder.text('case.jsonld')))].map((node) => node['@id']);
    const ours = [...nodesIn((await written()).document)].map((node) => node['@id']);
    expect(others.filter((id) => ours.includes(id))).toEqual([]);
  });
});

describeWithShared('case-uco against the shapes of CASE 1.4.0', (shared) => {
  const ontology = `${shared}/schemas/case-1.4.0.ttl`;

  it('conforms', async () => {
    expect(await caseViolations(ontology, (await written()).document)).toEqual([]);
  });

  it('would be caught with a time that is none, and with a name that no prefix expands', async () => {
    const { document } = await written([sampleItem(1, { text: 'one' })]);
    const message = document['@graph'].find((node) => node['@type'] === 'uco-observable:Message') as Node;
    const facet = message['uco-core:hasFacet'] as Record<string, unknown>;
    const sent = facet['uco-observable:sentTime'];
    facet['uco-observable:sentTime'] = { '@type': 'xsd:dateTime', '@value': 'yesterday' };
    expect(await caseViolations(ontology, document)).toEqual([expect.stringContaining('sentTime')]);
    Object.assign(facet, { 'uco-observable:sentTime': sent, identifier: 'dropped in silence without safe mode' });
    await expect(caseViolations(ontology, document)).rejects.toThrow('Safe mode');
  });

  it('would be caught breaking each constraint in SPARQL that data can break', async () => {
    const text = await readFile(ontology, 'utf8');
    const [core, types] = ['core', 'types'].map((name) => `https://ontology.unifiedcyberontology.org/uco/${name}/`);
    const uuid = '12345678-1234-4234-8234-123456789abc';
    const breaking = `
      PREFIX core: <${core}> PREFIX types: <${types}> PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX kb: <http://example.org/kb/>
      [] a core:UcoObject .
      kb:unnamed a core:UcoObject .
      kb:a-${uuid} a core:UcoObject ; core:hasFacet kb:f-${uuid} .
      kb:b-${uuid} a core:UcoObject ; core:hasFacet kb:f-${uuid} .
      kb:d-${uuid} a types:ProperDictionary ; types:entry [ types:key "k" ] , [ types:key "k" ] .
      kb:e-${uuid} a types:Dictionary ; types:entry [ types:key "k" ] , [ types:key "k" ] .
      kb:axiom a owl:Axiom .`;
    const { broken, constraints } = sparqlViolations(text, new Writer().quadsToString(new Parser().parse(breaking)));
    expect(constraints).toBe(15);
    const words = ['not be blank nodes', 'end with a UUID', 'two objects to one Facet', 'in a proper dictionary'];
    for (const said of [...words, 'A key in a dictionary', 'must be a blank node'])
      expect(broken).toContainEqual(expect.stringContaining(said));
    expect(broken.filter((one) => one.includes('two objects'))).toHaveLength(2);
    expect(sparqlViolations(text, '').broken).toEqual([]);
  });
});
