import { describe, expect, it } from 'vitest';
import { draftProfile } from './draft-profile.ts';

describe('a drafted profile', () => {
  it('knows lines of JSON by their names and shapes, and keeps no value', () => {
    const line = {
      id: 'm1',
      from: 'AB12CD',
      to: ['ZZ00ZZ'],
      ts: 1680000000000,
      text: 'invented words',
      imei: '490154203237518',
    };
    const draft = draftProfile(
      'Delivery 1.ndjson',
      Buffer.from(`${JSON.stringify(line)}\n${JSON.stringify(line)}\n{"cut`),
    );
    expect(draft).toMatchObject({
      name: 'delivery-1',
      container: { kind: 'ndjson' },
      records: [
        {
          messageId: 'id',
          sender: { field: 'from', type: 'username' },
          recipients: { field: 'to', type: 'username', list: 'array' },
          sentAt: { field: 'ts', format: 'unix-ms', zone: 'UTC', clock: 'unknown' },
          body: 'text',
          fields: { imei: { field: 'imei' } },
        },
      ],
    });
    expect(JSON.stringify(draft)).not.toContain('invented words');
  });

  it('finds the delimiter of a table, and leaves its zone open', () => {
    const draft = draftProfile('t.txt', Buffer.from('\ufeffwho;date;note, more\nA;2023-04-01 10:00:00;"x;y"\n'));
    expect(draft?.container).toEqual({ kind: 'csv', delimiter: ';', quote: '"', header: true });
    expect(draft?.records[0]?.sentAt).toEqual({ field: 'date', format: 'iso8601', zone: null, clock: 'unknown' });
  });

  it.each(['', '\n', '{"a":', 'one column\nx\n', 'a,a\n1,2\n', Uint8Array.of(0, 1, 2, 255)])(
    'is none for %j',
    (text) => {
      expect(draftProfile('x', Buffer.from(text as string))).toBeNull();
    },
  );
});
