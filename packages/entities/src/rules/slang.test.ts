import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

/** `type value «span»` of each mention. */
function found(text: string, region = ''): string[] {
  return extractText(text, { region }).map(({ type, value, text: span }) => `${type} ${value} «${span}»`);
}

describe('what is a sum or a plate only beside other words', () => {
  it.each([
    ['GB', 'he owes me a monkey', 'money GBP 500 «a monkey»'],
    ['GB', 'still owes 20 bags mate', 'money GBP 20000 «20 bags»'],
    ['GB', 'they cost a pony each', 'money GBP 25 «a pony»'],
    ['GB', 'four fifty quid for the lot', 'money GBP 450 «four fifty quid»'],
    ['US', 'one twenty five bucks', 'money USD 125 «one twenty five bucks»'],
    ['DE', 'vier fünfzig Euro', 'money EUR 4.5 «vier fünfzig Euro»'],
    ['DE', 'hab nen 500er dabei', 'money EUR 500 «500er»'],
    ['FR', 'tu me dois 50e frère', 'money EUR 50 «50e»'],
    ['FR', 'c’est 6e le gramme', 'money EUR 6 «6e»'],
    ['IT', '1 euro e 50 il caffè', 'money EUR 1.5 «1 euro e 50»'],
    ['ES', 'pesa 1,25 kg justo', 'mass 1.25 kg «1,25 kg»'],
    ['RU', '300 т.р. налом', 'money RUB 300000 «300 т.р»'],
    ['RU', 'скинь 5к на карту', 'money RUB 5000 «5к»'],
    ['RU', 'номер машины А123ВС 77', 'plate А123ВС77 «А123ВС 77»'],
    ['IN', 'पाव किलो', 'mass 0.25 kg «पाव किलो»'],
    ['', 'eos account: binancecleos', 'eos binancecleos «binancecleos»'],
  ])('%s %s', (region, text, mention) => {
    expect(found(text, region)).toEqual([mention]);
  });

  it('a pound for a sum is weighed, a pound for an hour is paid', () => {
    expect(found('do a pound for 1100 bucks', 'US')[0]).toBe('mass 0.45359237 kg «a pound»');
    expect(found('a pound for 2 hours', 'GB')).toEqual(['money GBP 1 «a pound»']);
  });

  it('keeps the price in pounds and pence as the other reading', () => {
    expect(extractText('four fifty quid')[0]?.alternatives).toContainEqual({ type: 'money', value: 'GBP 4.5' });
  });

  it.each([
    ['GB', 'saw a monkey at the zoo'],
    ['GB', 'paid for 3 bags'],
    ['GB', 'he owes me 3 bags of crisps'],
    ['', 'he owes me a monkey'],
    ['DE', 'in den 20er Jahren'],
    ['DE', 'ein 10er Pack'],
    ['DE', 'nen 50er roller'],
    ['FR', 'le 6e jour'],
    ['FR', 'on habite au 6e étage'],
    ['GB', 'send 5k messages'],
    ['GB', 'the code to the gate is 4471'],
    ['', 'the eos account registration is closed'],
    ['', 'canon eos: photographer needed'],
  ])('nothing in %s %s', (region, text) => {
    expect(found(text, region)).toEqual([]);
  });
});
