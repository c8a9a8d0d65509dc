import { expect, it } from 'vitest';
import { holdsPhrases, phrasesOf } from './holds-text.ts';

const holds = (body: string, text: string) => holdsPhrases(new TextEncoder().encode(body), text);

it.each([
  ['"quay nine"', ['quay nine']],
  ['quay nine', []],
  ['"quay"', []],
  ['meet "quay nine" or "pier two"', ['quay nine', 'pier two']],
  ['"quay nine', []],
  ['東京駅 quay', ['東京駅']],
])('%s has the phrases %j', (text, phrases) => {
  expect(phrasesOf(text)).toEqual(phrases);
});

it.each([
  ['Meet at QUAY,\n Nine!', '"quay nine"', true],
  ['nine quay', '"quay nine"', false],
  ['quay number nine', '"quay nine"', false],
  ['Große Straße 4', '"grosse strasse"', true],
  ['call 06-12345678 now', '"call 0612345678"', true],
  ['call 0612345678 now', '"call 06-12345678 now"', true],
  ['明日東京駅で', '東京駅', true],
  ['東京と京駅', '東京駅', false],
  ['anything', 'no phrase here', true],
  ['', '"quay nine"', false],
])('%j holds %s: %j', (body, text, expected) => {
  expect(holds(body, text)).toBe(expected);
});
