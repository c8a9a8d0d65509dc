export { batesNumber } from './bates-number.ts';
export { csvLine } from './csv-cell.ts';
export type { ExchangeFormat } from './exchange-format.ts';
export { exchangeFormats } from './exchange-formats.ts';
export type { ExchangeAuthority, ExchangeHeader, ExchangeItem } from './exchange-item.ts';
export type { ExchangeFinding, ExchangeMention, ExchangeTables } from './exchange-tables.ts';
export type { ExportFile, ExportFolder } from './export-folder.ts';
export { conversationOf, sentMs } from './item-text.ts';
export { type ProvenanceEvent, type ProvenanceHeader, writeProvenance } from './provenance.ts';
