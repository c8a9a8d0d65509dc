import { type CborValue, encodeCbor } from '@custody/bytes';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldIdentifiers } from './field-identifiers.ts';
import { handsetImei, statedForms } from './handset-number.ts';
import { identifierTypeOf } from './identifier-fields.ts';

const decoder = new TextDecoder();

function found(bytes: Uint8Array, end = bytes.length): string[] {
  const out: string[] = [];
  new FieldIdentifiers().find(bytes, 0, end, {
    text: (type, source, from, to) => out.push(`${type} ${decoder.decode(source.subarray(from, to))}`),
    number: (type, value) => out.push(`${type} #${value}`),
  });
  return out;
}

describe('fields named for identifiers', () => {
  it.each([
    ['imei', 'imei'],
    ['IMEI 2', 'imei'],
    ['deviceImei', 'imei'],
    ['caller_imei', 'imei'],
    ['IMEINumber', 'imei'],
    ['imeisv', 'imeisv'],
    ['SIM-ICCID', 'iccid'],
    ['served MSISDN', 'phone'],
    ['phone_number', 'phone'],
    ['registrationIp', 'ip'],
    ['IP address', 'ip'],
    ['mac_addr', 'mac'],
    ['phone_model', null],
    ['ship', null],
    ['constructor', null],
    ['', null],
  ])('%s: %s', (name, type) => {
    expect(identifierTypeOf(name)).toBe(type);
  });

  it('are found at any depth, as text and as numbers, but not in the cells of a table', () => {
    const fields = new Map<string, CborValue>([
      ['imei', ['350000000000006', '350000000000014']],
      ['cells', new Map([['imsi', '234150000000001']])],
      ['msisdn', 447700900001],
      ['session', new Map<string, CborValue>(Object.entries({ ip: '192.0.2.7', count: 3 }))],
      ['note', 'imei'],
      ['none', null],
    ]);
    expect(found(encodeCbor(fields)).sort()).toEqual([
      'imei 350000000000006',
      'imei 350000000000014',
      'ip 192.0.2.7',
      'phone #447700900001',
    ]);
  });

  it('end the walk, never hang, where the bytes are no fields', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(found(bytes).length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});

it('a handset is found by 14, 15 and 16 digits, whatever its check digit', () => {
  expect(handsetImei('35-000000-123456')).toBe('350000001234562');
  expect(statedForms('imei', '350000001234569')).toEqual([{ type: 'imei', value: '350000001234569' }]);
  expect(statedForms('imeisv', '3500000012345612')).toEqual([
    { type: 'imeisv', value: '3500000012345612' },
    { type: 'imei', value: '350000001234562' },
  ]);
  expect(statedForms('imei', '3.5E+14')).toEqual([]);
  expect(statedForms('ip', 'unknown')).toEqual([]);
});
