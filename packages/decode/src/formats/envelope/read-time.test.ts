import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeLayout } from '../../profile/layout.ts';
import { TimeReader } from './read-time.ts';

const layout = (format: TimeLayout['format'], offset: number | null = 0): TimeLayout => ({
  slot: 0,
  format,
  offset,
  named: null,
  statements: [],
});

function read(text: string, of: TimeLayout): [number | null, number] {
  const reader = new TimeReader();
  const bytes = Buffer.from(text);
  reader.read(bytes, { start: 0, end: bytes.length }, of);
  return [reader.utc, reader.precision];
}

describe('TimeReader', () => {
  it('agrees with Date.parse', () => {
    const moment = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(moment, fc.integer({ min: -1439, max: 1439 }), (ms, offset) => {
        const text = new Date(ms).toISOString();
        expect(read(text, layout('iso8601'))[0]).toBe(ms);
        const sign = offset < 0 ? '-' : '+';
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const local = `${text.slice(0, -1)}${zone}`;
        expect(read(local, layout('iso8601'))[0]).toBe(Date.parse(local));
        expect(read(text.slice(0, -1), layout('iso8601', offset))[0]).toBe(ms - offset * 60_000);
      }),
    );
  });

  it('reads serial numbers of spreadsheets, and days before months', () => {
    const day = Date.UTC(2023, 3, 1);
    expect(read('45017', layout('excel-1900'))).toEqual([day, 3]);
    expect(read('45017.4166666667', layout('excel-1900', 120))).toEqual([day + 8 * 3_600_000, 1]);
    expect(read('45017.5', layout('excel-1900', null))).toEqual([null, 1]);
    expect(read('1.4.2023', layout('day-month-year'))).toEqual([day, 3]);
    expect(read('01/04/2023 10:00:05', layout('day-month-year', 60))).toEqual([day + 9 * 3_600_000 + 5000, 1]);
    for (const text of ['60', '-1', '1e5', '2958467', '']) expect(read(text, layout('excel-1900'))[0]).toBeNull();
    for (const text of ['2023-04-01', '31.2.2023', '1.13.2023', '1.4.23', '1.4.2023 x'])
      expect(read(text, layout('day-month-year'))[0]).toBeNull();
  });

  it('knows how precise a text is', () => {
    expect(read('2024-02-29', layout('iso8601'))).toEqual([Date.UTC(2024, 1, 29), 3]);
    expect(read('2024-02-29 10:20', layout('iso8601'))).toEqual([Date.UTC(2024, 1, 29, 10, 20), 2]);
    expect(read('2024-02-29T10:20:30Z', layout('iso8601'))).toEqual([Date.UTC(2024, 1, 29, 10, 20, 30), 1]);
    expect(read('2024-02-29T10:20:30.1239Z', layout('iso8601'))).toEqual([Date.UTC(2024, 1, 29, 10, 20, 30, 123), 0]);
    expect(read('1700000000', layout('unix-s'))).toEqual([1_700_000_000_000, 1]);
    expect(read('-5', layout('unix-ms'))).toEqual([-5, 0]);
  });

  it('tells no time where the text states no zone and the profile none either', () => {
    expect(read('2024-02-29T10:20:30', layout('iso8601', null))).toEqual([null, 1]);
    expect(read('2024-02-29T10:20:30+01:00', layout('iso8601', null))[0]).toBe(Date.UTC(2024, 1, 29, 9, 20, 30));
    // PostgreSQL, and what scripts print.
    for (const zone of ['+01', '+0100', ' +0100', ' +01:00']) {
      expect(read(`2024-02-29 10:20:30${zone}`, layout('iso8601', null))[0]).toBe(Date.UTC(2024, 1, 29, 9, 20, 30));
    }
    expect(read('2024-02-29 10:20:30.5 UTC', layout('iso8601', null))[0]).toBe(Date.UTC(2024, 1, 29, 10, 20, 30, 500));
    for (const zone of [' ', '+1', '+', ' CET', '+01:', '  Z']) {
      expect(read(`2024-02-29 10:20:30${zone}`, layout('iso8601', null))[0]).toBeNull();
    }
  });

  it.each([
    '',
    '2024',
    '2023-02-29',
    '2024-13-01',
    '2024-01-01T24:00',
    '2024-01-01T10',
    '2024-01-01T10:00:00.',
    '2024-01-01T10:00:00+1',
    '2024-01-01T10:00 CET',
    '2024/01/01',
    '4.5e10',
  ])('makes no time of %j', (text) => {
    expect(read(text, layout('iso8601'))[0]).toBeNull();
    expect(read(text, layout('unix-s'))[0]).toBe(text === '2024' ? 2_024_000 : null);
  });
});
