import { describe, expect, it } from 'vitest';
import { type Authority, readAuthority } from './authority.ts';
import { BatchWriter } from './batch-writer.ts';
import { dispositions } from './disposition.ts';
import type { Party } from './item.ts';
import type { ItemKind } from './item-kinds.ts';
import { ScopeRule } from './scope-rule.ts';
import { withinAnyZone } from './wall-clock.ts';

const PERIOD = { from: '2024-03-01', to: '2024-05-31' };

function authority(change: Partial<Authority> = {}, scope: Partial<Authority['scope']> = {}): Authority {
  return readAuthority({
    id: 'W-1',
    reference: 'r',
    issuedBy: 'i',
    jurisdiction: 'DE',
    legalBasis: 'l',
    validFrom: '2024-01-01',
    validTo: '2024-12-31',
    scope: { period: PERIOD, ...scope },
    ...change,
  });
}

interface Given {
  readonly at?: string | null;
  readonly within?: readonly [number, number];
  readonly kind?: ItemKind;
  readonly platform?: string;
  readonly sender?: Party;
  readonly recipients?: readonly Party[];
  readonly owner?: Party;
}

/** Disposition and rule of one item. */
function decide(of: Authority, given: Given = {}): [string, string] {
  const writer = new BatchWriter();
  const id = ({ type, value }: Party) => writer.party(type, value);
  writer.begin(given.kind ?? 'message', given.platform ?? 'whatsapp', null);
  writer.locator({ path: 'p', offset: 0, length: 1, row: 1 });
  const at = given.at === undefined ? '2024-04-01T00:00:00Z' : given.at;
  const { within } = given;
  if (within !== undefined) writer.sentAt({ utc: null, raw: '?', zone: null, precision: 's', clock: 'device', within });
  else if (at !== null) writer.sentAt({ utc: Date.parse(at), raw: at, zone: 'UTC', precision: 'ms', clock: 'server' });
  if (given.sender) writer.sender(id(given.sender));
  for (const party of given.recipients ?? []) writer.recipient(id(party));
  if (given.owner) writer.owner(id(given.owner));
  writer.end();
  const { codes, rules, names } = new ScopeRule(of).decide(writer.batch().facts);
  return [dispositions[codes[0] as number] as string, names[rules[0] as number] as string];
}

const phone = (value: string): Party => ({ type: 'phone', value });

describe('the period', () => {
  it.each([
    ['2024-02-29T23:59:59.999Z', 'out-of-scope'],
    ['2024-03-01T00:00:00.000Z', 'in-scope'],
    ['2024-05-31T23:59:59.999Z', 'in-scope'],
    ['2024-06-01T00:00:00.000Z', 'out-of-scope'],
  ])('a date covers its whole UTC day: %s is %s', (at, expected) => {
    expect(decide(authority(), { at })[0]).toBe(expected);
  });

  it.each([
    ['2024-05-31T09:59:59.999Z', 'in-scope'],
    ['2024-05-31T10:00:00.000Z', 'out-of-scope'],
  ])('a time of day is itself the end, in its own zone: %s is %s', (at, expected) => {
    const to = '2024-05-31T12:00:00+02:00';
    expect(decide(authority({}, { period: { from: '2024-03-01', to } }), { at })[0]).toBe(expected);
  });

  it('leaves what has no time undecided, and says why', () => {
    for (const kind of ['message', 'call', 'location', 'attachment', 'note'] as const) {
      expect(decide(authority(), { at: null, kind })).toEqual(['undecided', expect.stringContaining('has no time')]);
    }
  });

  it.each(['contact', 'account', 'device', 'membership'] as const)(
    'limits what happened, not an undated %s',
    (kind) => {
      expect(decide(authority(), { at: null, kind })).toEqual(['in-scope', expect.stringContaining('standing record')]);
      expect(decide(authority({}, { undated: 'undecided' }), { at: null, kind })[0]).toBe('undecided');
      expect(decide(authority(), { at: '2024-06-01T00:00:00Z', kind })[0]).toBe('out-of-scope');
      expect(decide(authority({}, { targets: [phone('+447700900123')] }), { at: null, kind })[0]).toBe('out-of-scope');
    },
  );
});

describe('a time of which only bounds are known', () => {
  const within = (from: string, to: string) => decide(authority(), { within: [Date.parse(from), Date.parse(to)] });

  it.each([
    ['2024-03-01T00:00:00Z', '2024-06-01T00:00:00Z', 'in-scope'],
    ['2024-02-29T23:59:59Z', '2024-04-01T00:00:00Z', 'undecided'],
    ['2024-05-01T00:00:00Z', '2024-06-01T00:00:00.001Z', 'undecided'],
    ['2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z', 'out-of-scope'],
    ['2024-06-01T00:00:00Z', '2024-06-02T00:00:00Z', 'out-of-scope'],
  ])('%s to %s is %s', (from, to, expected) => {
    expect(within(from, to)[0]).toBe(expected);
  });

  it('has bounds that hold in every zone', () => {
    const local = Date.UTC(2024, 2, 1, 12);
    const [from, to] = withinAnyZone([local, local + 1000], 'min');
    for (const zone of ['Etc/GMT+12', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'UTC'])
      for (const shown of [local, local + 1000 + 59_999]) {
        const utc = Date.parse(new Date(shown).toISOString()) - offsetOf(zone, shown);
        expect(utc >= from && utc < to).toBe(true);
      }
    expect([local - from, to - local - 61_000]).toEqual([14 * 3_600_000, 12 * 3_600_000]);
  });
});

/** Milliseconds east of UTC, of a zone without summer time. */
function offsetOf(timeZone: string, at: number): number {
  const shown = new Date(at).toLocaleString('sv', { timeZone });
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

describe('targets', () => {
  const of = authority({}, { targets: [phone('+44 7700 900-123'), { type: 'username', value: '@Kestrel' }] });

  it.each([
    phone('+447700900123'),
    phone('00447700900123'),
    phone('447700900123'),
    { type: 'username', value: 'kestrel' },
  ])('$type $value is a target however it is written', (sender) => {
    expect(decide(of, { sender })[0]).toBe('in-scope');
  });

  it('count as sender, recipient or owner', () => {
    const other = phone('+447700900999');
    const target = phone('+447700900123');
    expect(decide(of, { sender: other, recipients: [other, target] })[0]).toBe('in-scope');
    expect(decide(of, { sender: other, owner: target })[0]).toBe('in-scope');
    expect(decide(of, { sender: other })).toEqual(['out-of-scope', expect.stringContaining('no target')]);
    expect(decide(of, {})[0]).toBe('out-of-scope');
  });

  it('of another type with the same digits are other parties', () => {
    expect(decide(of, { sender: { type: 'imei', value: '447700900123' } })[0]).toBe('out-of-scope');
  });
});

describe('platforms and content classes', () => {
  it('restrict', () => {
    const of = authority({}, { platforms: ['WhatsApp'], contentClasses: ['message', 'calls'] });
    expect(decide(of)[0]).toBe('in-scope');
    expect(decide(of, { kind: 'edit' })[0]).toBe('in-scope');
    expect(decide(of, { kind: 'call' })[0]).toBe('in-scope');
    expect(decide(of, { platform: 'signal' })).toEqual(['out-of-scope', expect.stringContaining('platform')]);
    expect(decide(of, { kind: 'contact' })).toEqual(['out-of-scope', expect.stringContaining('content class')]);
  });
});

describe('privilege', () => {
  const lawyer = { ...phone('+12025550143'), role: 'defence counsel' };

  it('speaks before everything else', () => {
    const of = authority({ privileged: [lawyer] }, { platforms: ['signal'], targets: [phone('+447700900123')] });
    const expected = ['privileged', 'privileged: party 1 of the authority (defence counsel)'];
    expect(decide(of, { sender: phone('+1 202-555-0143'), at: null })).toEqual(expected);
    expect(decide(of, { recipients: [phone('+447700900123'), phone('0012025550143')] })).toEqual(expected);
  });

  it('of very many parties never names the rule of another disposition', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ ...phone(`+1202555${1000 + i}`), role: `counsel ${i}` }));
    const of = authority({ privileged: many });
    for (const i of [0, 248, 249, 250, 256, 399]) {
      const [disposition, rule] = decide(of, { sender: many[i] as Party });
      expect(disposition).toBe('privileged');
      expect(rule).toMatch(/^privileged: /);
    }
    expect(new ScopeRule(of).names.length).toBeLessThanOrEqual(256);
  });
});
