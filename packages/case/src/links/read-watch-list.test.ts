import { expect, it } from 'vitest';
import { readWatchList } from './read-watch-list.ts';

const shown = (text: string) =>
  readWatchList(text).map(({ line, value, types, note }) => `${line} ${types.join('|')} ${value} ${note}`);

it('reads values, types, notes and comments', () => {
  expect(
    shown(
      '# list\n\nimei:35-000000-123456-2, stolen\n+44 7700 900001\n350000001234562;x;y\n@Alice\n89440000000000000017\n',
    ),
  ).toEqual([
    '3 imei 35-000000-123456-2 stolen',
    '4 phone +44 7700 900001 null',
    '5 imei|imsi|phone 350000001234562 x, y',
    '6 username @Alice null',
    '7 iccid 89440000000000000017 null',
  ]);
});

it('takes the column that the headings name', () => {
  expect(shown('seq,IMEI,status\n1,350000001234562,stolen\n2,,lost\n')).toEqual([
    '2 imei 350000001234562 1, stolen',
    '3   2, lost',
  ]);
  expect(shown('\ufeffhandle\nalice\n')).toEqual(['2 username|threema|wickr|sim-box|account|mac alice null']);
});
