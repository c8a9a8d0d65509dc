import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { graphmlJar, schemaFile } from '../../../test/graphml-schema.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { gephiCsv } from './gephi-csv.ts';
import { gexf } from './gexf.ts';
import { graphml } from './graphml.ts';
import { i2Csv } from './i2-csv.ts';

import { MemoryFolder } from './testing/memory-folder.ts';
import { sampleHeader, sampleItem, sampleItems, streamed } from './testing/sample-items.ts';

const hostile = { type: 'username', value: '=cmd|x\u0001"<&>', display: 'line\r\nbreak' };

async function written(format: typeof gexf): Promise<MemoryFolder> {
  const folder = new MemoryFolder();
  const items = [...sampleItems(), sampleItem(90, { sender: hostile, text: 'x' })];
  const notes = await format.write(streamed(items), sampleHeader, folder);
  expect(notes).toEqual([expect.stringContaining('1 item(s) do not say both')]);
  return folder;
}

function rows(text: string): Record<string, string>[] {
  const parsed = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  expect(parsed.errors).toEqual([]);
  return parsed.data;
}

describe('gephi', () => {
  it('counts each pair and kind, with times and the first item', async () => {
    const folder = await written(gephiCsv);
    const edges = rows(folder.text('gephi-edges.csv'));
    const messages = edges.find((one) => one.Source === 'phone:+31655500101' && one.Label === 'message');
    expect(messages).toMatchObject({ Weight: '11', Item: '0', First: '2026-01-02T23:59:58.000Z' });
    const ids = new Set(rows(folder.text('gephi-nodes.csv')).map((one) => one.Id));
    for (const edge of edges) for (const end of [edge.Source, edge.Target]) expect(ids).toContain(end);
  });
});

describe('i2', () => {
  it('has one line an item and recipient, each citing its item', async () => {
    const folder = await written(i2Csv);
    const text = folder.text('i2-links.csv');
    const links = rows(text);
    expect(links.map((one) => one.SourceRef)).toEqual([...Array.from({ length: 14 }, (_, i) => String(i)), '90']);
    expect(text.split('\r\n')).toHaveLength(links.length + 2);
    expect(links.at(-1)?.FromLabel).toBe('line break');
  });
});

describeWithShared('gexf against its schema', (shared) => {
  it('is valid, and would not be with a weight in words', async () => {
    const text = (await written(gexf)).text('parties.gexf');
    const names = ['gexf-1.3.xsd', 'gexf-1.3-viz.xsd', 'gexf-1.3-dynamics.xsd'];
    const [schema, ...preload] = await Promise.all(
      names.map(async (name) => ({
        fileName: name.replace('gexf-1.3-', '').replace('gexf-1.3', 'gexf'),
        contents: await readFile(`${shared}/schemas/${name}`, 'utf8'),
      })),
    );
    const check = (contents: string) =>
      validateXML({
        xml: { fileName: 'x.gexf', contents },
        schema: schema as { fileName: string; contents: string },
        preload,
      });
    expect(await check(text)).toMatchObject({ valid: true });
    expect(await check(text.replace(/weight="\d+"/, 'weight="twelve"'))).toMatchObject({ valid: false });
  });
});

describe('graphml', () => {
  it('is well-formed, refers to what it declares, and holds no raw control', async () => {
    const text = (await written(graphml)).text('parties.graphml');
    const xml = { fileName: 'parties.graphml', contents: text };
    expect(await validateXML({ xml, normalization: 'c14n' })).toMatchObject({ valid: true });
    const values = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]);
    const nodes = values(/<node id="([^"]+)"/g);
    expect(nodes).toHaveLength(3);
    for (const end of values(/ (?:source|target)="([^"]+)"/g)) expect(nodes).toContain(end);
    const keys = values(/<key id="([^"]+)"/g);
    for (const key of values(/<data key="([^"]+)"/g)) expect(keys).toContain(key);
    expect(text).toContain('=cmd|x[U+0001]&quot;&lt;&amp;&gt;');
  });
});

if (graphmlJar === null)
  console.warn('skipped: graphml against its schema: no libjgrapht-java (test/run.sh fetches it)');

describe.skipIf(graphmlJar === null)('graphml against its schema', () => {
  it('is valid, and would not be with what the schema does not have', async () => {
    const text = (await written(graphml)).text('parties.graphml');
    const file = async (fileName: string) => ({ fileName, contents: await schemaFile(graphmlJar as string, fileName) });
    const [schema, xlink] = [await file('graphml.xsd'), await file('xlink.xsd')];
    expect(text).toMatch(/<data key="node-id">phone:\+31655500101</);
    const faults = [
      text.replace('attr.type="int"', 'attr.type="integer"'),
      text.replace('attr.name="label"', 'attr.name="a label"'),
      text.replace(/ target="[^"]*"/, ''),
      text.replace('<node id=', '<vertex/><node id='),
      text.replace(/<node id="([^"]*)">/, '<node id="$1" label="x">'),
      text.replace('edgedefault="directed"', 'edgedefault="yes"'),
      text.replace(/<data key="[^"]*">/, '<data key="no such key">'),
      text.replace(/(<node id="[^"]*">)/, '$1</node>$1'),
    ];
    const xml = [text, ...faults].map((contents, i) => ({ fileName: `${i}.graphml`, contents }));
    const { errors } = await validateXML({ xml, schema, preload: [xlink] });
    const faulty = new Set(errors.flatMap(({ loc }) => loc?.fileName ?? []));
    expect([...faulty].sort()).toEqual(faults.map((_, i) => `${i + 1}.graphml`));
  });
});
