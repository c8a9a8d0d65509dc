import { csvLine } from './csv-cell.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import { PartyGraph } from './party-graph.ts';

/** Gephi's import tables: nodes and edges. */
export const gephiCsv: ExchangeFormat = {
  name: 'gephi',
  standard: 'Gephi import spreadsheets (CSV, RFC 4180)',
  async write(items, _header, folder) {
    const graph = await PartyGraph.of(items);
    const nodes = await folder.file('gephi-nodes.csv');
    await nodes.write(csvLine(['Id', 'Label', 'Kind']));
    for (const { id, label, kind } of graph.nodes.values()) await nodes.write(csvLine([id, label, kind]));
    await nodes.close();
    const edges = await folder.file('gephi-edges.csv');
    await edges.write(csvLine(['Source', 'Target', 'Type', 'Id', 'Label', 'Weight', 'First', 'Last', 'Item', 'Leaf']));
    for (const { source, target, id, kind, weight, first, last, item, leaf } of graph.edges.values())
      await edges.write(csvLine([source, target, 'Directed', id, kind, weight, first, last, item, leaf]));
    await edges.close();
    return graph.notes();
  },
};
