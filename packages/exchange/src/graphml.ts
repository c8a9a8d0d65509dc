import { escapeXml } from './escape-xml.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import { PartyGraph } from './party-graph.ts';

const NODE_KEYS = [
  ['id', 'string'],
  ['label', 'string'],
  ['kind', 'string'],
] as const;
const EDGE_KEYS = [
  ['kind', 'string'],
  ['weight', 'int'],
  ['first', 'string'],
  ['last', 'string'],
  ['item', 'long'],
  ['leaf', 'string'],
] as const;

/** GraphML 1.0: the same links as GEXF, for tools that read this. */
export const graphml: ExchangeFormat = {
  name: 'graphml',
  standard: 'GraphML 1.0',
  async write(items, _header, folder) {
    const graph = await PartyGraph.of(items);
    const file = await folder.file('parties.graphml');
    const keys = [
      ...NODE_KEYS.map(([name, type]) => key('node', name, type)),
      ...EDGE_KEYS.map(([name, type]) => key('edge', name, type)),
    ];
    await file.write(
      `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n${keys.join('\n')}\n<graph id="parties" edgedefault="directed">\n`,
    );
    // An id is an NMTOKEN, which no party is: parties get numbers, and stand in the datum "id".
    const ids = new Map([...graph.nodes.keys()].map((id, i) => [id, `n${i + 1}`]));
    for (const node of graph.nodes.values())
      await file.write(
        `<node id="${ids.get(node.id)}">${NODE_KEYS.map(([name]) => data('node', name, node[name])).join('')}</node>\n`,
      );
    for (const edge of graph.edges.values()) {
      const values = EDGE_KEYS.map(([name]) => data('edge', name, edge[name])).join('');
      await file.write(
        `<edge id="${edge.id}" source="${ids.get(edge.source)}" target="${ids.get(edge.target)}">${values}</edge>\n`,
      );
    }
    await file.write('</graph>\n</graphml>\n');
    await file.close();
    return graph.notes();
  },
};

/** `attr.name` is an NMTOKEN: no spaces. */
function key(owner: 'node' | 'edge', name: string, type: string): string {
  return `<key id="${owner}-${name}" for="${owner}" attr.name="${name}" attr.type="${type}"/>`;
}

function data(owner: 'node' | 'edge', name: string, value: string | number | null): string {
  return value === null ? '' : `<data key="${owner}-${name}">${escapeXml(String(value))}</data>`;
}
