import { caseUco } from './case-uco.ts';
import { concordance } from './concordance.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import { gephiCsv } from './gephi-csv.ts';
import { gexf } from './gexf.ts';
import { graphml } from './graphml.ts';
import { i2Csv } from './i2-csv.ts';
import { opticon } from './opticon.ts';
import { parquet } from './parquet.ts';
import { rsmf } from './rsmf.ts';
import { vcon } from './vcon.ts';
import { xlsx } from './xlsx.ts';

/** Every format that items can be exported in. */
export const exchangeFormats: readonly ExchangeFormat[] = [
  caseUco,
  rsmf,
  vcon,
  gexf,
  graphml,
  gephiCsv,
  i2Csv,
  concordance,
  opticon,
  xlsx,
  parquet,
];
