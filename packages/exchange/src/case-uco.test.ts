import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { caseUco } from './case-uco.ts';
import { caseViolations } from './testing/case-shapes.ts';
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
});
