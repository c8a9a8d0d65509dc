import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { telecomTable } from './telecom-table-format.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function decode(text: string | Uint8Array, profile?: object): Promise<Decoded> {
  const source = memorySource(typeof text === 'string' ? bytes(text) : text);
  const beside = (name: string) =>
    name === 'table.json' && profile !== undefined ? memorySource(bytes(JSON.stringify(profile))) : null;
  return decodeAll(telecomTable, { name: 't.csv', source, beside });
}

const codes = ({ findings }: Decoded) => findings.map(({ code, records }) => `${code} ${records}`);
const details = ({ findings }: Decoded) => findings.map(({ detail }) => detail).join('\n');

describe('telecom tables', () => {
  it('are recognised by headings in other languages, with other delimiters', () => {
    const of = (text: string) =>
      detectFormat(probeOf('x', memorySource(bytes(text)))).map(
        ({ format, claim }) => `${format.name} ${claim.grounds}`,
      );
    expect(of('Rufnummer;IMEI;Netzbetreiber;Datum\n')[0]).toMatch(/^telecom-table .*"device"/);
    expect(of('Anrufer\tAngerufener\tBeginn\tDauer\n')[0]).toMatch(/"call"/);
    expect(of('ICCID,IMSI,MSISDN,Operator\n')[0]).toMatch(/"device"/);
    expect(of('service,number,registered_at (UTC),ip\n')[0]).toMatch(/"account"/);
    expect(of('imsi,start,end,ip,cell_id\n')[0]).toMatch(/"session"/);
    expect(of('name,age,colour\n')).toEqual([]);
    expect(of('447700900001,350000000000006\n')).toEqual([]);
  });

  it('keep every cell, point at file, row and bytes, and tie the identifiers of a row', async () => {
    const text =
      'box;slot;ICCID;IMEI;colour;seized_at (UTC)\nBX-1;3;8944000000000000017;350000000000006;red;2025-10-10 06:00\n';
    const decoded = await decode(text);
    const [item] = decoded.items;
    expect(item?.kind).toBe('device');
    expect(item?.owner).toEqual({ type: 'imei', value: '350000000000006' });
    expect(item?.recipients).toEqual([
      { type: 'iccid', value: '8944000000000000017' },
      { type: 'sim-box', value: 'BX-1' },
      { type: 'sim-slot', value: 'BX-1/3' },
    ]);
    expect(item?.locator).toEqual({ path: 't.csv', offset: 43, length: text.length - 44, row: 2 });
    expect(item?.fields?.get('cells')).toEqual(
      new Map([
        ['box', 'BX-1'],
        ['slot', '3'],
        ['ICCID', '8944000000000000017'],
        ['IMEI', '350000000000006'],
        ['colour', 'red'],
        ['seized_at (UTC)', '2025-10-10 06:00'],
      ]),
    );
    expect(item?.sentAt).toEqual({
      utc: Date.UTC(2025, 9, 10, 6),
      raw: '2025-10-10 06:00',
      zone: 'UTC',
      precision: 'min',
      clock: 'unknown',
    });
    expect(codes(decoded)).toEqual(['BYTES_NOT_EXAMINED null']);
  });

  it('have sessions and calls as intervals, the device of the caller with the caller', async () => {
    const decoded = await decode(
      'caller,called,imei,imsi,start_utc,duration\n+447700900001,+447700900002,350000000000006,234150000000001,2025-01-01 10:00:00,61\n',
    );
    const [call] = decoded.items;
    expect(call).toMatchObject({
      kind: 'call',
      sender: { type: 'phone', value: '+447700900001' },
      recipients: [{ type: 'phone', value: '+447700900002' }],
      owner: { type: 'imei', value: '350000000000006' },
    });
    expect(call?.fields?.get('imsi')).toBe('234150000000001');
    expect(call?.times?.get('until')?.utc).toBe(Date.UTC(2025, 0, 1, 10, 1, 1));
  });

  it.each([
    ['3.50000E+14', 'scientific notation'],
    ['350000000000000.0', 'decimals'],
    ['350000100000000', 'rounds long numbers'],
    ['10543207650984', 'leading zero may be lost'],
    ['Ãœ12345', 'UTF-8 is read as another encoding'],
    ['x'.repeat(32_767), '32767 characters'],
  ])('report what was done to a cell: %.20s', async (cell, told) => {
    const decoded = await decode(`imei,phone,time_utc\n${cell},+447700900001,2025-01-01\n`);
    expect(codes(decoded)[0]).toBe('FIELD_COERCED 1');
    expect(details(decoded)).toContain(told);
    expect(decoded.items[0]?.fields?.get('cells')).toEqual(
      new Map(Object.entries({ imei: cell, phone: '+447700900001', time_utc: '2025-01-01' })),
    );
  });

  it('keep an identifier that ends in zeros of itself: its check digit is right', async () => {
    const decoded = await decode(
      'iccid,phone,time_utc\n8999901100001020000,+447700900001,2025-01-01\n8999901100001000000,+447700900001,2025-01-01\n',
    );
    const owners = decoded.items.map(({ owner }) => owner?.type);
    const classes = decoded.findings.map(({ code, class: name }) => `${code} ${name}`);
    expect(owners).toEqual(['iccid', 'phone']);
    expect(classes).toEqual(['FIELD_COERCED note', 'FIELD_COERCED doubt']);
  });

  it('read digits behind the mark of a spreadsheet, and say where others of the column lost their zeros', async () => {
    const rows = ["'0612345678,'350000000000006", '612345679,350000000000006', '+31970102000001,350000000000006'];
    const decoded = await decode(`msisdn,imei\n${rows.join('\n')}\n`);
    expect(decoded.items[0]?.owner?.value).toBe('350000000000006');
    expect(decoded.items[0]?.recipients?.[0]?.value).toBe('0612345678');
    const kept = new Map([
      ['imei', "'350000000000006"],
      ['msisdn', "'0612345678"],
    ]);
    const fields = decoded.items[0]?.fields as ReadonlyMap<string, unknown> | undefined;
    expect(fields?.get('cells')).toEqual(kept);
    expect(details(decoded)).toContain('an apostrophe before it');
    expect(details(decoded)).toContain('1 of 3 numbers of column "msisdn" have neither a plus sign nor a zero');
    expect(details(decoded)).not.toContain('the cell is no');
    const alike = await decode('msisdn,imei\n612345678,350000000000006\n612345679,350000000000006\n');
    expect(details(alike)).not.toContain('leading zeros');
  });

  it('report dates turned to serials and bytes that are not UTF-8', async () => {
    expect(details(await decode('imei,time_utc\n350000000000006,45940.25\n'))).toContain('day number of a spreadsheet');
    const latin = await decode(Buffer.from('imei,model\n350000000000006,Ger\xe4t\n', 'latin1'));
    expect(details(latin)).toContain('not UTF-8');
    expect(latin.items[0]?.fields?.get('model')).toBe('Gerät');
  });

  it('never guess day and month: proven by the whole column, or undecided', async () => {
    const rows = (list: readonly string[]) =>
      `imei,time_utc\n${list.map((time) => `350000000000006,${time}\n`).join('')}`;
    const utc = async (list: readonly string[]) => (await decode(rows(list))).items.map(({ sentAt }) => sentAt?.utc);
    expect(await utc(['01/02/2025 10:00', '13/02/2025 10:00'])).toEqual([
      Date.UTC(2025, 1, 1, 10),
      Date.UTC(2025, 1, 13, 10),
    ]);
    expect(await utc(['01/02/2025 10:00', '02/13/2025 10:00'])).toEqual([
      Date.UTC(2025, 0, 2, 10),
      Date.UTC(2025, 1, 13, 10),
    ]);
    expect(await utc(['01/02/2025 10:00', '03/02/2025 10:00'])).toEqual([null, null]);
    expect(await utc(['13/02/2025', '02/13/2025'])).toEqual([null, null]);
  });

  it('flag local times that exist twice or not at all, by the zone that a table profile declares', async () => {
    const profile = {
      custodyTable: 1,
      basedOn: 'a test',
      zone: 'Europe/Amsterdam',
      columns: { Zeitpunkt2: { as: 'time' } },
    };
    const decoded = await decode(
      'imei,Zeitpunkt2\n350000000000006,2025-10-26 02:30\n350000000000006,2025-03-30 02:30\n350000000000006,2025-07-01 12:00\n',
      profile,
    );
    expect(decoded.items.map(({ sentAt }) => [sentAt?.utc, sentAt?.ambiguous])).toEqual([
      [null, true],
      [null, true],
      [Date.UTC(2025, 6, 1, 10), undefined],
    ]);
    expect(codes(decoded)).toEqual(['TIME_ANOMALY 1', 'TIME_ANOMALY 1']);
    await expect(decode('imei,phone\n', { custodyTable: 2, zone: 'Mars', x: 1 })).rejects.toThrow(/4 mistake/);
  });

  it('take the time of a state from the table profile, and say so', async () => {
    const profile = { custodyTable: 1, basedOn: 'a test', asOf: '2025-10-10T08:00:00+02:00' };
    const { items } = await decode('imei,phone\n350000001234562,+447700900001\n', profile);
    expect(items[0]?.sentAt).toMatchObject({
      utc: Date.UTC(2025, 9, 10, 6),
      raw: expect.stringContaining('table profile'),
    });
  });

  it('name duplicates, gaps, exchanged rows and columns that hold something else', async () => {
    const row = (n: number) => `${n},35000000000000${n % 10},+44770090000${n % 10}\n`;
    const table = (list: readonly string[]) => `seq,imei,phone\n${list.join('')}`;
    const rows = [1, 2, 3, 4, 5, 6].map(row);
    expect(details(await decode(table([...rows.slice(0, 3), ...rows.slice(2)])))).toContain('same bytes as row 4');
    expect(details(await decode(table([...rows.slice(0, 2), ...rows.slice(3)])))).toContain('sequence number(s) 3,');
    const swapped = table([rows[0], rows[2], rows[1], rows[3]].map(String));
    expect(details(await decode(swapped))).toContain('lower sequence number');
    const exchanged = await decode('imei,phone\n+447700900001,350000000000006\n+447700900002,350000000000014\n');
    expect(details(exchanged)).toContain('2 of 2 cells of column "imei" are no imei');
  });

  it('count every row: ragged rows, NULs, stray quotes and cut ends are findings', async () => {
    const decoded = await decode(
      'imei,phone,model\n1,2\n350000000000006,+44\u00007700,m\n350000000000006,+447700900001,"two\nlines"\n350000000000006,"x"y,m\n35000',
    );
    expect(decoded.counts).toEqual({ records: 5, decoded: 1, lost: 4, notCovered: 0 });
    expect(decoded.items[0]?.fields?.get('model')).toBe('two\nlines');
    expect(codes(decoded).filter((code) => !code.startsWith('NOTE'))).toContain('TRUNCATED 1');
    expect(
      decoded.findings
        .filter(({ class: name }) => name === 'lost')
        .reduce((sum, { records }) => sum + (records ?? 0), 0),
    ).toBe(4);
  });

  it('give the same leaves whatever the order of units', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `${i + 1},${350000000000000 + i},+44${7700900000 + i}\n`).join(
      '',
    );
    const source = memorySource(bytes(`seq,imei,phone\n${rows}`));
    const there = await decodeAll(telecomTable, { name: 't.csv', source }, { items: false });
    const back = await decodeAll(
      telecomTable,
      { name: 't.csv', source },
      { items: false, decoders: 2, order: (units) => [...units].reverse() },
    );
    expect(there.units).toHaveLength(3);
    expect(back.leaves).toEqual(there.leaves);
    expect(there.counts).toEqual({ records: 9000, decoded: 9000, lost: 0, notCovered: 0 });
  });

  it('account for every row of whatever bytes, and never throw', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '350000001234562',
        '+447700900001',
        '3.5E+14',
        '"',
        '""',
        '\u0000',
        '\r',
        '13/02/2025',
        '2025-10-26 02:30',
        '😀',
        '',
      ),
      fc.string({ maxLength: 8 }),
    );
    const table = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(',', ';', '\t'), async (rows, delimiter) => {
        const head = ['seq', 'imei', 'phone', 'start', 'end', 'text'].join(delimiter);
        const body = rows.map((row) => row.join(delimiter)).join('\n');
        const { counts, items } = await decode(`${head}\n${body}`);
        expect(items.length).toBe(counts.decoded);
        if (counts.lost !== null) expect(counts.decoded + counts.lost).toBe(counts.records);
      }),
      { numRuns: 80, seed: 3 },
    );
  });

  it('survive truncation anywhere and any byte flipped', async () => {
    const whole = bytes(
      'seq,caller,called,start_utc,end_utc,imei\n1,+447700900001,"+447700900002",2025-01-01 10:00,2025-01-01 10:05,350000000000006\n',
    );
    for (let at = 0; at < whole.length; at++) {
      const cut = await decode(whole.slice(0, at));
      expect(cut.counts.records - cut.counts.decoded).toBe(cut.counts.lost ?? 0);
      const flipped = whole.slice();
      flipped[at] = (flipped[at] as number) ^ 0x80;
      await decode(flipped);
    }
  });
});
