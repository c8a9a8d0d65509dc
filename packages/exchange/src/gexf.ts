import { escapeXml } from './escape-xml.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import { PartyGraph } from './party-graph.ts';

const ATTRIBUTES = [
  ['kind', 'string'],
  ['first', 'string'],
  ['last', 'string'],
  ['item', 'long'],
  ['leaf', 'string'],
] as const;

/** GEXF 1.3: parties, and who sent to whom. */
export const gexf: ExchangeFormat = {
  name: 'gexf',
  standard: 'GEXF 1.3',
  async write(items, header, folder) {
    const graph = await PartyGraph.of(items);
    const file = await folder.file('parties.gexf');
    const title = escapeXml(`${header.title}, custody log ${header.origin} at size ${header.size}`);
    await file.write(
      `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n` +
        `<meta lastmodifieddate="${header.asOf.slice(0, 10)}"><creator>custody ${escapeXml(header.tool.version)}</creator><description>${title}</description></meta>\n` +
        `<graph defaultedgetype="directed" mode="static" idtype="string">\n` +
        `<attributes class="node"><attribute id="kind" title="kind" type="string"/></attributes>\n` +
        `<attributes class="edge">${ATTRIBUTES.map(([id, type]) => `<attribute id="${id}" title="${id}" type="${type}"/>`).join('')}</attributes>\n<nodes>\n`,
    );
    for (const { id, label, kind } of graph.nodes.values())
      await file.write(
        `<node id="${escapeXml(id)}" label="${escapeXml(label)}"><attvalues><attvalue for="kind" value="${escapeXml(kind)}"/></attvalues></node>\n`,
      );
    await file.write('</nodes>\n<edges>\n');
    for (const edge of graph.edges.values()) {
      const values = ATTRIBUTES.filter(([name]) => edge[name] !== null)
        .map(([name]) => `<attvalue for="${name}" value="${escapeXml(String(edge[name]))}"/>`)
        .join('');
      await file.write(
        `<edge id="${edge.id}" source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}" kind="${escapeXml(edge.kind)}" weight="${edge.weight}"><attvalues>${values}</attvalues></edge>\n`,
      );
    }
    await file.write('</edges>\n</graph>\n</gexf>\n');
    await file.close();
    return graph.notes();
  },
};
