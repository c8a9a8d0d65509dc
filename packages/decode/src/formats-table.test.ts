import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatsTable } from './formats-table.ts';
import { formats } from './registry.ts';

const folder = fileURLToPath(new URL('formats/', import.meta.url));
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('|'));
const stated = rowsOf(readFileSync(`${folder}README.md`, 'utf8'));

describe('the table of formats in formats/README.md', () => {
  it.each(formats.map((format) => [format.name, format] as const))(
    'says of %s what the format says',
    (name, format) => {
      const row = rowsOf(formatsTable([format])).at(-1);
      const hint = 'write the table anew with: custody formats --markdown';
      expect(
        stated.find((line) => line.startsWith(`| \`${name}\``)),
        hint,
      ).toBe(row);
    },
  );

  it('has no other rows, and the order of the registry', () => {
    expect(stated).toEqual(rowsOf(formatsTable(formats)));
  });

  it('leaves nothing empty', () => {
    for (const { name, title, versions, keyMaterial, authentication, notCovered } of formats) {
      for (const text of [name, title, versions, keyMaterial, authentication, notCovered])
        expect(text.trim(), name).not.toBe('');
    }
  });
});
