import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { readHeading } from './column-roles.ts';
import { durationSeconds } from './duration-text.ts';
import { TimeTexts } from './time-text.ts';

async function decode(text: string, encoding: 'utf8' | 'latin1' = 'utf8', profile?: object): Promise<Decoded> {
  const source = memorySource(Buffer.from(text, encoding));
  const beside = (name: string) =>
    name === 'table.json' && profile !== undefined ? memorySource(Buffer.from(JSON.stringify(profile))) : null;
  const [first] = detectFormat(probeOf('t.csv', source));
  if (first === undefined) throw new Error(`not recognised: ${text.split('\n')[0]}`);
  return decodeAll(first.format, { name: 't.csv', source, beside });
}

const said = ({ findings }: Decoded) =>
  findings.map(({ code, locator, detail }) => `${code} ${locator?.row} ${detail}`).join('\n');
const call = (item: Item | undefined) => ({
  kind: item?.kind,
  from: item?.sender?.value,
  to: item?.recipients?.[0]?.value,
  at: item?.sentAt?.utc ?? null,
  until: item?.times?.get('until')?.utc ?? null,
  cell: item?.fields?.get('cell'),
});

const AT = Date.UTC(2025, 9, 13, 12, 5, 33);
const BERLIN = { custodyTable: 1, basedOn: 'invented', zone: 'Europe/Berlin' };

describe('call records under the headings of ten languages', () => {
  it.each([
    ['nl', 'Datum;Tijd;A-nummer;B-nummer;Duur (sec);Cell-ID', '13-10-2025;14:05:33;1003;1004;65;c1'],
    ['de', 'Rufende Nummer;Gerufene Nummer;Beginn;Dauer;Funkzelle', '1003;1004;13.10.2025 14:05:33;00:01:05;c1'],
    ['fr', "Numéro appelant;Numéro appelé;Date d'appel;Heure;Durée (s);Cellule", '1003;1004;13/10/2025;14:05:33;65;c1'],
    [
      'es',
      'Número llamante;Número llamado;Fecha inicio;Hora inicio;Duración;Celda',
      '1003;1004;13/10/2025;14:05:33;0:01:05;c1',
    ],
    ['it', 'Numero chiamante;Numero chiamato;Data ora inizio;Durata;Cella', '1003;1004;13/10/2025 14:05:33;65;c1'],
    ['pt', 'Número chamador;Número chamado;Data de início;Duração;Célula', '1003;1004;2025-10-13 14:05:33;65;c1'],
    ['pl', 'Numer A;Numer B;Data i godzina;Czas trwania;Stacja BTS', '1003;1004;2025/10/13 14:05:33;00:01:05;c1'],
    ['tr', 'Arayan Numara;Aranan Numara;Tarih;Saat;Süre;Baz İstasyonu', '1003;1004;13.10.2025;14:05:33;65;c1'],
    ['ru', 'Номер А;Номер Б;Дата и время;Длительность;Базовая станция', '1003;1004;13.10.25 14:05:33;65;c1'],
    ['sv', 'A-nummer;B-nummer;Starttid;Sluttid;Cell-id', '1003;1004;2025-10-13 14:05:33;2025-10-13 14:06:38;c1'],
    [
      'en',
      'Date;Calling Party Number;Called Party;Start Time;End Time;First Cell ID',
      '13-Oct-2025;1003;1004;14:05:33;14:06:38;c1',
    ],
  ])('%s', async (_language, head, row) => {
    const decoded = await decode(`${head}\n${row}\n`, 'utf8', BERLIN);
    expect(call(decoded.items[0])).toEqual({
      ...{ kind: 'call', from: '1003', to: '1004', at: AT, until: AT + 65_000, cell: 'c1' },
    });
    expect(said(decoded)).toBe('');
  });

  it('reads headings in Latin-1, and data sessions with their volumes', async () => {
    const decoded = await decode(
      'Numéro appelant;Numéro appelé;Début\n1003;1004;2025-10-13 14:05:33\n',
      'latin1',
      BERLIN,
    );
    expect(call(decoded.items[0])).toMatchObject({ from: '1003', to: '1004', at: AT });
    const text =
      'MSISDN,IMEISV,Session Start (UTC),Session End (UTC),Uplink (bytes),Downlink (bytes),APN,LAC,Roaming\n' +
      '+999100,3500000000000601,2025-10-13T12:05:33Z,2025-10-13T13:05:33Z,10,20,web,501,N\n';
    const session = await decode(text);
    const { fields, kind } = session.items[0] as Item;
    expect([
      kind,
      ...['table', 'uplink', 'downlink', 'apn', 'lac', 'roaming'].map((name) => fields?.get(name)),
    ]).toEqual([...['call', 'session', '10', '20', 'web', '501', 'N']]);
    expect(said(session)).toBe('');
  });

  it('leaves headings alone that only look like it', () => {
    for (const name of [
      'No.',
      'Line number',
      'Call number',
      'Date of birth',
      'Duration (min)',
      'Last Cell ID',
      'Type',
    ]) {
      expect(readHeading(name).role, name).toBeNull();
    }
  });
});

describe('what operators write between and into the rows', () => {
  it('takes marks of nothing for nothing, and keeps them', async () => {
    const decoded = await decode(
      'MSISDN,IMEI,IMSI,Date (UTC),Operator\n+999100,-,N/A,2025-10-13,NULL\n+999101,350000000000006,\\N,2025-10-13,n/a\n',
    );
    expect(decoded.items.map(({ owner, recipients }) => [owner?.value, recipients?.length ?? 0])).toEqual([
      ['+999100', 0],
      ['350000000000006', 1],
    ]);
    const cells = decoded.items[0]?.fields?.get('cells') as Map<string, string> | undefined;
    expect(cells?.get('IMEI')).toBe('-');
    expect(said(decoded)).toBe('');
  });

  it('counts headings again, titles, totals and empty rows as no records, and says so', async () => {
    const rows = ['Group A;;', '+999100;350000000000006;2025-10-13', 'MSISDN;IMEI;Datum (UTC)', ';;', 'Total;2;'];
    const text = `Extract 5;;\nfor a court;;\n\nMSISDN;IMEI;Datum (UTC)\n${rows.join('\n')}\n+999101;350000000000014;2025-10-13\n`;
    const decoded = await decode(text);
    expect(decoded.counts).toEqual({ records: 5, decoded: 2, lost: 0, notCovered: 3 });
    for (const part of [
      'NOT_COVERED 5 a title between the rows',
      'NOT_COVERED 7 the headings once more',
      'NOT_COVERED 9 a row of totals',
    ]) {
      expect(said(decoded)).toContain(part);
    }
  });

  it('says where the headings of another table stand between the rows', async () => {
    const text = 'caller,called,start (UTC)\n1003,1004,2025-10-13 10:00\nIMSI,ICCID,Operator\n';
    const decoded = await decode(text);
    expect(decoded.findings).toMatchObject([{ code: 'NOT_COVERED', class: 'doubt', locator: { row: 3 } }]);
    expect(decoded.counts).toMatchObject({ records: 2, decoded: 1, notCovered: 1 });
  });
});

describe('times and durations', () => {
  const texts = new TimeTexts({ zone: 'UTC', clock: 'unknown', order: 'undecided' });
  it.each([
    ['2025/10/13 12:05:33', AT],
    ['2025.10.13 12:05:33', AT],
    ['20251013 12:05:33', AT],
    ['20251013120533', AT],
    ['13.10.25 12:05:33', AT],
    ['13-Oct-2025 12:05:33', AT],
    ['Oct 13, 2025 12:05:33 PM', AT],
    ['13 października 2025 12:05:33', AT],
    ['13 окт. 2025 12:05:33', AT],
    ['13 Ağustos 2025 12:05:33', Date.UTC(2025, 7, 13, 12, 5, 33)],
    ['20251013', Date.UTC(2025, 9, 13)],
    ['20251313', null],
    ['13/10/25', null],
    ['13 Foo 2025', null],
  ])('%s', (text, utc) => {
    expect(texts.read(text).utc).toBe(utc);
    expect(texts.read(text).raw).toBe(text);
  });

  it('reads durations as operators write them, and no others', () => {
    expect(['65', '65.0', '65 s', '1:05', '00:01:05', '1m 5s', '1 min 5 sec', 'PT1M5S'].map(durationSeconds)).toEqual(
      Array(8).fill(65),
    );
    expect(['', 'abc', 'PT', '1:5', '-5'].map(durationSeconds)).toEqual([null, null, null, null, null]);
  });
});
