import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

/** `type value` of each mention. */
function found(text: string, region?: string): string[] {
  return extractText(text, region === undefined ? {} : { region }).map((mention) => `${mention.type} ${mention.value}`);
}

describe('one-time codes in the languages of the cases', () => {
  it.each([
    'your code is 482913',
    'G-482913 is your Example verification code',
    'Je code is 482913',
    'Ihr Code lautet 482913',
    'Votre code est 482913',
    'Tu código es 482913',
    'Il tuo codice è 482-913',
    'Doğrulama kodunuz: 482913',
    'Twój kod to 482913',
    'Din kod är 482913',
    'Kodi juaj: 482913',
    'Codul tău: 482 913',
    'Ваш код: 482913',
    'رمز التحقق 482913',
    'आपका OTP 482913 है',
    '验证码：482913',
    '認証コード：482913',
    '482913 is je verificatiecode',
  ])('%s', (text) => {
    expect(found(text)).toEqual(['code 482913']);
  });

  it.each([
    'zip code 90210',
    'error code 404404',
    'country code 3100',
    'the code for your release in 2009',
    'text it to 85069 to verify',
  ])('nothing in %s', (text) => {
    expect(found(text).filter((mention) => mention.startsWith('code'))).toEqual([]);
  });
});

describe('points in degrees, minutes and seconds', () => {
  it.each([
    [`52°22'12.7"N 4°53'42.7"E`, '52.370194,4.895194'],
    [`N 52° 22' 12.7" E 4° 53' 42.7"`, '52.370194,4.895194'],
    [`52°22.212'N, 004°53.712'E`, '52.3702,4.8952'],
    ['33°51′54″S 151°12′34″E', '-33.865,151.209444'],
    ['lat 52.3702 lon 4.8952', '52.3702,4.8952'],
    ['Latitude: -33.8688, longitude: 151.2093', '-33.8688,151.2093'],
    ['33.8688 S 151.2093 W', '-33.8688,-151.2093'],
  ])('%s', (text, value) => {
    expect(found(text)).toEqual([`coordinate ${value}`]);
  });

  it.each([`5'10" tall and 70 kg`, `52°C outside, 4°C inside`, `91°00'00"N 4°00'00"E`, 'N 5 E 6'])(
    'none in %s',
    (text) => {
      expect(found(text).filter((mention) => mention.startsWith('coordinate'))).toEqual([]);
    },
  );
});

describe('names after a messenger', () => {
  it.each([
    ['wickr: darkhorse', 'wickr darkhorse'],
    ['Wickr Me: Dark.Horse77', 'wickr dark.horse77'],
    ['my wickr is darkhorse', 'wickr darkhorse'],
    ['wickr @darkhorse', 'wickr darkhorse'],
    ['on wickr darkhorse77', 'wickr darkhorse77'],
    ['my threema is ECHOECHO', 'threema ECHOECHO'],
    ['threema: *MYGATEW', 'threema *MYGATEW'],
    ['Threema-ID: ABCD1234', 'threema ABCD1234'],
  ])('%s', (text, mention) => {
    expect(found(text)).toEqual([mention]);
  });

  it.each(['wickr is down', 'I use wickr, signal and threema', 'is threema any good?', 'wickrs and threemas'])(
    'none in %s',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

describe('accounts without a checksum', () => {
  const move = `0x${'0123456789abcdef'.repeat(4)}`;

  it.each([
    [`apt ${move}`, [`apt ${move}`]],
    [`tx ${move}`, []],
    ['0.0.12345', ['hbar 0.0.12345']],
    ['hbar 0.0.98', ['hbar 0.0.98']],
    ['kernel 2.6.8', []],
    ['2.6.8', []],
    ['examplacct1a', ['eos examplacct1a']],
    ['accidentally', []],
    ['mac 001A2B3C4D5E', ['mac 00:1a:2b:3c:4d:5e']],
    ['001A2B3C4D5E', []],
    ['35-209900-176148-23', ['imeisv 3520990017614823']],
  ])('%s', (text, mentions) => {
    expect(found(text)).toEqual(mentions);
  });
});

describe('letters for digits', () => {
  it.each([
    ['O612345678', 'phone +31612345678'],
    ['06l2345678', 'phone +31612345678'],
    ['IMEI 352O99001761481', 'imei 352099001761481'],
    ['5OOO euro', 'money EUR 5000'],
  ])('%s', (text, value) => {
    const [mention] = extractText(text, { region: 'NL' });
    expect(`${mention?.type} ${mention?.value}`).toBe(value);
    expect(mention?.folds).toEqual(['leet']);
  });

  it.each(['commit 1234567b8', 'serial S12345678', '12B45678E', 'E1234567', '1O'])('none in %s', (text) => {
    expect(found(text, 'NL')).toEqual([]);
  });
});

describe('numbers that are something else', () => {
  it.each([
    [
      'a dump of bytes has more groups than a fingerprint',
      '0123 4567 89ab cdef 0123 4567 89ab cdef 0123 4567 89ab 0d0a',
    ],
    ['four small numbers are a version', 'there is a newer one, i am on 1.1.2.1 here'],
  ])('%s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each(['8.8.4.4', '1.0.0.1', '4.2.2.2'])('%s is a name server', (address) => {
    expect(found(`try ${address}`)).toEqual([`ip ${address}`]);
  });

  it('a list of small numbers holds no telephone number, and one after it is found', () => {
    expect(found('11 22 '.repeat(20))).toEqual([]);
    expect(found(`${'11 22 '.repeat(20)}; +31 6 12345678`)).toEqual(['phone +31612345678']);
    expect(found(`${'123 '.repeat(40)}456 euro`).at(-1)).toMatch(/^money EUR/);
  });
});
