import { UsageError } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { formatFamilies } from './format-families.ts';
import { loadFormat, loadFormats } from './load-format.ts';

describe('formats', () => {
  it('have the names by which their families are found, each once', async () => {
    const names = formatFamilies.flatMap((family) => family.names);
    expect((await loadFormats()).map(({ name }) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are loaded one by one as they are in the list of all', async () => {
    for (const format of await loadFormats()) expect((await loadFormat(format.name)).title).toBe(format.title);
  });

  it('that do not exist are refused with the names there are', async () => {
    const error = await loadFormat('whatsapp-crypt99').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'FORMAT_NAME_UNKNOWN' });
    expect((error as UsageError).message).toContain('whatsapp-crypt15');
  });
});
