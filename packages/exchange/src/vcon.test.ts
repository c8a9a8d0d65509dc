import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { MemoryFolder } from './testing/memory-folder.ts';
import { sampleHeader, sampleItems, streamed } from './testing/sample-items.ts';
import { vcon } from './vcon.ts';

interface Vcon {
  readonly dialog: readonly { readonly custody: { readonly leaf: string }; readonly parties: readonly number[] }[];
  readonly parties: readonly unknown[];
  readonly analysis: readonly { readonly body: readonly { readonly custody: { readonly leaf: string } }[] }[];
}

async function written(): Promise<{ documents: Vcon[]; notes: readonly string[] }> {
  const folder = new MemoryFolder();
  const notes = await vcon.write(streamed(sampleItems()), sampleHeader, folder);
  return { documents: [...folder.files.keys()].map((name) => JSON.parse(folder.text(name))), notes };
}

describe('vcon', () => {
  it('has every item once, those without a time apart', async () => {
    const { documents, notes } = await written();
    expect(documents).toHaveLength(2);
    const leaves = documents.flatMap((one) => [
      ...one.dialog.map((dialog) => dialog.custody.leaf),
      ...one.analysis.flatMap((report) => report.body.map((dialog) => dialog.custody.leaf)),
    ]);
    expect(leaves.sort()).toEqual(
      sampleItems()
        .map((one) => one.leaf)
        .sort(),
    );
    expect(notes).toEqual([expect.stringContaining('1 undated item')]);
  });

  it('names only parties that it lists', async () => {
    for (const { dialog, parties } of (await written()).documents)
      for (const one of dialog) for (const party of one.parties) expect(party).toBeLessThan(parties.length);
  });
});

describeWithShared('vcon against the schema of the draft', (shared) => {
  it('is valid, and would not be without a start', async () => {
    const schema = JSON.parse(await readFile(`${shared}/schemas/vcon_json_schema.json`, 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const valid = ajv.compile(schema);
    const { documents } = await written();
    for (const one of documents) expect(valid(one), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...documents[0], dialog: [{ type: 'text' }] })).toBe(false);
  });
});
