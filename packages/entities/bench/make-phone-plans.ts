/**
 * Writes src/phones/phone-plans.ts from the metadata of libphonenumber-js (MIT), which is Google's libphonenumber
 * (Apache-2.0). Run again when the numbering plans change:
 * `node --conditions=source packages/entities/bench/make-phone-plans.ts`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import metadata from 'libphonenumber-js/metadata.max.json';

/** Places of the fields in the rows of that package. */
const CALLING_CODE = 0;
const LENGTHS = 3;
const NATIONAL_PREFIX = 5;
const PREFIX_FOR_PARSING = 7;
const PREFIX_TRANSFORM = 8;
const TYPES = 11;

type Row = readonly unknown[];
const { countries, nonGeographic } = metadata as unknown as Record<'countries' | 'nonGeographic', Record<string, Row>>;

function planOf(region: string, row: Row): string {
  const types = (row[TYPES] as readonly (readonly [string] | 0 | undefined)[] | undefined) ?? [];
  const patterns = types.flatMap((type) => (type ? [type[0]] : []));
  const pattern = patterns.filter((one) => one !== '').join('|') || String(row[2]);
  const fields = [
    String(row[CALLING_CODE]),
    (row[LENGTHS] as readonly number[]).join(','),
    String(row[NATIONAL_PREFIX] || ''),
    String(row[PREFIX_FOR_PARSING] || ''),
    String(row[PREFIX_TRANSFORM] || ''),
    pattern,
  ];
  return `  ${/^[A-Z]/.test(region) ? region : `'${region}'`}: ${JSON.stringify(fields.join('\t'))},`;
}

const rows = [
  ...Object.entries(countries),
  ...Object.entries(nonGeographic).map(([code, row]) => [code, row] as const),
];
const text = `// biome-ignore-all format: data, a region a line.

/**
 * Numbering plans by region, and by calling code where it belongs to none: calling code, possible lengths, national
 * prefix, prefix for parsing, its replacement, valid national numbers; with tabs between. Written by
 * bench/make-phone-plans.ts from libphonenumber-js 1.13.16 (MIT), the metadata of Google's libphonenumber
 * (Apache-2.0, https://github.com/google/libphonenumber): do not edit.
 */
export const phonePlans: Readonly<Record<string, string>> = {
${rows.map(([region, row]) => planOf(region, row)).join('\n')}
};
`;
writeFileSync(fileURLToPath(new URL('../src/phones/phone-plans.ts', import.meta.url)), text);
