import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWithShared } from '../shared-folder.ts';
import { addsUp, type Ingested, Lab, WHATSAPP_WARRANT } from './lab.ts';

interface SampleItem {
  readonly kind: string;
  readonly sources?: readonly unknown[];
  readonly fields: { readonly table?: string; readonly media_wa_type?: unknown };
}

describeWithShared('real WhatsApp samples through the command', (shared) => {
  const lab = new Lab('samples');
  const folder = join(shared, 'samples/whatsapp');
  const keys = ['key', 'encrypted_backup.key'].flatMap((name) => ['--keys', join(folder, name)]);
  afterAll(() => lab.remove());

  it('each gives the counts of its notes, and the same items', async () => {
    const path = await lab.newCase();
    const terms = ['ingest', '--case', path, '--warrant', WHATSAPP_WARRANT, '--no-supplier-hash', ...keys];
    const captures = ['msgstore.db.crypt12', 'msgstore.db.crypt15', 'msgstore.db'].map((name) => join(folder, name));
    const { captures: results } = await lab.json<{ captures: Ingested[] }>(...terms, ...captures);
    const formats = ['whatsapp-crypt12', 'whatsapp-crypt15', 'whatsapp-msgstore'];
    expect(results.map(({ format }) => format)).toEqual(formats);
    const found: unknown[] = [];
    for (const result of results) {
      expect(addsUp(result)).toBe(true);
      // messages 10, message 1, chat 8, jid 2, message_media 2 (NOTES.md), and tables they do not name.
      expect(result).toMatchObject({ records: 586, decoded: 586, lost: 0, notCovered: 0 });
      const items = await lab.lines<SampleItem>('items', '--case', path, '--capture', result.capture);
      const tables: Record<string, number> = {};
      for (const { fields } of items) {
        const table = fields.table ?? ('media_wa_type' in fields ? 'messages' : 'message');
        tables[table] = (tables[table] ?? 0) + 1;
      }
      expect(tables).toMatchObject({ messages: 10, message: 1, chat: 8, jid: 2 });
      expect(items.filter(({ sources }) => (sources?.length ?? 0) > 0).length).toBeGreaterThanOrEqual(2);
      found.push(tables);
    }
    expect(new Set(found.map((tables) => JSON.stringify(tables))).size).toBe(1);
    expect((await lab.run('verify', path)).code).toBe(0);
  });
});
