import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractText, readMention } from './extract-text.ts';
import { Extractor } from './extractor.ts';

/** `type value` of each mention. */
function found(text: string, region?: string): string[] {
  return extractText(text, region === undefined ? {} : { region }).map((mention) => `${mention.type} ${mention.value}`);
}

function first(text: string) {
  const [mention] = extractText(text);
  if (mention === undefined) throw new Error(`nothing found in ${text}`);
  return mention;
}

describe('handles', () => {
  it.each([
    ['write to Jan.Jansen@Example.NL.', ['email jan.jansen@example.nl']],
    ['hans.müller@example.de', ['email hans.mÜller@example.de'.toLowerCase()]],
    ['jabber jan@example.org', ['xmpp jan@example.org']],
    ['邮箱jan@example.cn', ['email jan@example.cn']],
    ['@alice and @bob:matrix.example.org:8448', ['username @alice', 'matrix @bob:matrix.example.org:8448']],
    ['threema id ABCD1234', ['threema ABCD1234']],
    [`session 05${'ab'.repeat(32)}`, [`session 05${'ab'.repeat(32)}`]],
    ['fingerprint 0123456789abcdef0123456789abcdef01234567', ['pgp 0123456789ABCDEF0123456789ABCDEF01234567']],
    ['0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567', ['pgp 0123456789ABCDEF0123456789ABCDEF01234567']],
    ['bel +31 6 12345678', ['phone +31612345678']],
    ['0031-20-5550123', ['phone +31205550123']],
    ['+44 (0)20 7946 0958', ['phone +442079460958']],
    ['(+1) 202-555-0123', ['phone +12025550123']],
    ['(0045) 12 34 56 78', ['phone +4512345678']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    'a@b',
    'mail a..b@example.com',
    'job@example.c',
    '=== nick [~ident@host.example.net] has joined #room',
    '+999 12345678',
    'commit 0123456789abcdef0123456789abcdef01234567',
    'C++11 and +5 points',
    '20240512123456',
    'order 1234567890123',
  ])('nothing in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('devices and places', () => {
  it.each([
    ['35-209900-176148-1', ['imei 352099001761481']],
    ['imei: 352099001761481', ['imei 352099001761481']],
    ['352099001761481/01', ['imei 352099001761481']],
    ['352099001761481/490154203237518', ['imei 352099001761481', 'imei 490154203237518']],
    ['IMEISV 35-209900-176148-23', ['imeisv 3520990017614823']],
    ['imsi 204080123456789', ['imsi 204080123456789']],
    ['00:1A:2b:3C:4D:5E', ['mac 00:1a:2b:3c:4d:5e']],
    ['AA-BB-CC-DD-E1-FF', ['mac aa:bb:cc:dd:e1:ff']],
    ['aabb.ccdd.eeff', ['mac aa:bb:cc:dd:ee:ff']],
    ['from 192.0.2.17, port 80', ['ip 192.0.2.17']],
    ['2001:DB8:0:0:0:0:0:1', ['ip 2001:db8::1']],
    ['2001:db8:0:0:1:0:0:1', ['ip 2001:db8::1:0:0:1']],
    ['::ffff:192.0.2.1', ['ip ::ffff:c000:201']],
    ['geo:52.3702,4.8952', ['coordinate 52.3702,4.8952']],
    ['33.8688° S, 151.2093° E', ['coordinate -33.8688,151.2093']],
    ['52.370200, -4.895200', ['coordinate 52.3702,-4.8952']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    '352099001761482',
    '204080123456789',
    'x352099001761481',
    'version 1.2.3.4',
    '1.2.3.4.5',
    'kernel 2.6.8.1-3-686',
    '256.1.1.1',
    '12:34:56',
    'std::cout << Face::add',
    'FF:FF:FF:FF:FF:FF',
    'scores 1.5, 2.5',
    '91.0001,4.0001',
  ])('nothing in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('needs the check digit of a SIM card number', () => {
    expect(found('8931440301234567890')).toEqual(
      luhnDigit('893144030123456789') === '0' ? ['iccid 8931440301234567890'] : [],
    );
    const right = `893144030123456789${luhnDigit('893144030123456789')}`;
    expect(found(right)).toEqual([`iccid ${right}`]);
  });
});

function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

describe('accounts', () => {
  it.each([
    ['NL91 ABNA 0417 1643 00', ['iban NL91ABNA0417164300']],
    ['de89370400440532013000', ['iban DE89370400440532013000']],
    ['4111-1111-1111-1111', ['card 4111111111111111']],
    ['3782 822463 10005', ['card 378282246310005']],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyT', ['btc 1BoatSLRHtKNngkdXEeobR76b53LETtpyT']],
    ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', ['btc bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4']],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', ['eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed']],
    ['0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED', []],
    ['0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED', ['eth 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed']],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', []],
    ['NL91 ABNA 0417 1643 01', []],
    ['4111-1111-1111-1112', []],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyU', []],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', []],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('one-time codes', () => {
  it.each([
    ['Your verification code: 123456', ['code 123456']],
    ['OTP 123-456', ['code 123456']],
    ['4821 is your Example login code', ['code 4821']],
    ['error code 1234', []],
    ['verification of 12 items in 2024-05-12', ['datetime 2024-05-12']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('links', () => {
  it.each([
    ['see https://Example.com/a_(b)?x=1.', ['url https://example.com/a_(b)?x=1']],
    ['(www.example.org)', ['url www.example.org']],
    ['t.me/example', ['url t.me/example']],
    ['http://192.0.2.1:8080/x', ['url http://192.0.2.1:8080/x', 'ip 192.0.2.1']],
    ['http://例.com', []],
    ['install.sh, Makefile.in and so.on', []],
    ['ok.is it true', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('reports an onion service beside the URL that leads to it', () => {
    const host = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion';
    expect(found(`http://${host}/x`)).toEqual([`url http://${host}/x`, `onion ${host}`]);
    expect(found(host)).toEqual([`onion ${host}`]);
    expect(found(host.replace('2gzy', '2gzz')).some((mention) => mention.startsWith('onion'))).toBe(false);
  });
});

describe('amounts', () => {
  it.each([
    ['kr 3.000,-', 'NOK 3000'],
    ['€1.234,56', 'EUR 1234.56'],
    ['12,50,000 rupees', 'INR 1250000'],
    ['$1.2m', 'USD 1200000'],
    ['50 quid', 'GBP 50'],
    ['20 crore rupees', 'INR 200000000'],
    ['EUR 431,000', 'EUR 431000'],
    ['431.000 EUR', 'EUR 431000'],
    ["CHF 1'234.50", 'CHF 1234.5'],
    ['1 234,56 €', 'EUR 1234.56'],
    ['0.123 BTC', 'BTC 0.123'],
    ['US$ 4.7 billion', 'USD 4700000000'],
    ['10k€', 'EUR 10000'],
    ['100元', 'CNY 100'],
    ['30 MUSD', 'USD 30000000'],
    ['3 dollars 50 cents', 'USD 3.5'],
    ['5 mil euros', 'EUR 5000'],
    ['$5 mil', 'USD 5000000'],
    ['2 mil millones de euros', 'EUR 2000000000'],
    ['10 millions de dollars', 'USD 10000000'],
    ['5 тыс рублей', 'RUB 5000'],
    ['£5 m', 'GBP 5000000'],
    ['$.50', 'USD 0.5'],
    ['.50 EUR', 'EUR 0.5'],
    ['Rs. 1,00,000/-', 'INR 100000'],
    ['3万円', 'JPY 30000'],
  ])('%s is %s', (text, value) => {
    expect(first(`pay ${text} now`)).toMatchObject({ class: 'amount', type: 'money', value, text });
  });

  it('keeps both readings of an ambiguous number', () => {
    expect(first('1.234 EUR').alternatives).toEqual([{ type: 'money', value: 'EUR 1.234' }]);
    expect(first('1.234 BTC')).toMatchObject({
      value: 'BTC 1.234',
      alternatives: [{ type: 'money', value: 'BTC 1234' }],
    });
    expect(first('10 pounds').alternatives).toContainEqual({ type: 'mass', value: '4.5359237 kg' });
    expect(first('$40,000').alternatives).toBeUndefined();
  });

  it.each([
    ['10-20 dollars', ['money USD 10', 'money USD 20']],
    ['€10-20k', ['money EUR 10000', 'money EUR 20000']],
    ['€500-1k', ['money EUR 500', 'money EUR 1000']],
    ['10k-15k EUR', ['money EUR 10000', 'money EUR 15000']],
    ['$5k-$10k', ['money USD 5000', 'money USD 10000']],
    ['1-2 million USD', ['money USD 1000000', 'money USD 2000000']],
    ['10–15k EUR', ['money EUR 10000', 'money EUR 15000']],
    ['$10-$20', ['money USD 10', 'money USD 20']],
    ['EUR 1.000-1.500', ['money EUR 1000', 'money EUR 1500']],
    ['£5-10th', ['money GBP 5']],
    ['we won 2-1, they 3 won', []],
  ])('range %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('reads the dollars of the region', () => {
    expect(found('$20', 'AU')).toEqual(['money AUD 20']);
    expect(found('20 kr', 'DK')).toEqual(['money DKK 20']);
    expect(found('€20', 'AU')).toEqual(['money EUR 20']);
  });

  it.each([
    ['103,5 kg', 'mass 103.5 kg'],
    ['5 lbs', 'mass 2.26796185 kg'],
    ['250 g', 'mass 0.25 kg'],
    ['3 oz', 'mass 0.085048569375 kg'],
    ['2 tons', 'mass 2000 kg'],
    ['30.500.000 pills', 'count 30500000 pill'],
  ])('%s is %s', (text, value) => {
    expect(found(text)).toEqual([value]);
  });

  it.each([
    '5g network',
    '12:30 EUR',
    'eth0',
    '802.11g',
    '2.6.11 EUR',
    '1.23.456 EUR',
    '12.05.2024 EUR',
    'only 087187262701.50gbp',
    'PHP 5',
    'ALL 70 of us',
    'TRY 3 times',
    '5k',
    'print $5}',
    'abc12 EURx',
  ])('no amount in %s', (text) => {
    expect(found(text).filter((mention) => !mention.startsWith('datetime'))).toEqual([]);
  });
});

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '+31 6 1234',
    '€1.2',
    '@a',
    ' $',
    'kg',
    'NL91 ABNA',
    '::',
    '192.0.2.',
    'http://',
    'http://a.nl/',
    'www.a.nl/',
    'www.',
    '\ud800',
    '12',
    ',-',
    'é@ü.de',
  ),
  fc.constantFrom(' ', '.', ':', '@', '-', '0', '\u00a0', '．'),
);

describe('any text', () => {
  it('has offsets inside it, on character boundaries and in order', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        let before = 0;
        for (const mention of extractText(text)) {
          expect(mention.start).toBeGreaterThanOrEqual(before);
          expect(mention.end).toBeGreaterThan(mention.start);
          expect(mention.end).toBeLessThanOrEqual(text.length);
          expect(mention.text).toBe(text.slice(mention.start, mention.end));
          expect(isBoundary(text, mention.start) && isBoundary(text, mention.end)).toBe(true);
          expect(mention.value.length).toBeGreaterThan(0);
          before = mention.start;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('may be invalid UTF-8, and is read within its bounds only', () => {
    const extractor = new Extractor();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(40), (bytes, margin) => {
        const digits = new Uint8Array(bytes.length + 2 * margin).fill(0x31);
        digits.set(bytes, margin);
        const inside = collect(extractor, digits, margin, margin + bytes.length);
        const alone = collect(extractor, bytes, 0, bytes.length);
        expect(inside.map((m) => ({ ...m, start: m.start - margin, end: m.end - margin }))).toEqual(alone);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same mentions when cut at every line', () => {
    const lines = [
      'bel +31 6 12345678',
      'stuur EUR 1.250,00',
      'imei 35-209900-176148-1',
      'a@example.nl',
      '52.3702,4.8952',
    ];
    expect(found(lines.join('\n'))).toEqual(lines.flatMap((line) => found(line)));
  });

  it('is read to its end when it is long and hostile', () => {
    const tail = ' mail jan@example.nl';
    for (const unit of [
      '1',
      '@',
      'a@',
      'a.',
      'a:',
      '+1 ',
      '1 ',
      '1.',
      'http://',
      'http://a.nl/',
      'NL91',
      '$',
      '(',
      'ab:',
      '\u0000',
      '💶',
    ]) {
      const text = unit.repeat(20_000 / unit.length) + tail;
      expect(extractText(text).at(-1)?.value).toBe('jan@example.nl');
    }
  });

  it('hands over more mentions than it holds at once, in order', () => {
    const text = 'a@example.nl '.repeat(5000);
    const mentions = extractText(text);
    expect(mentions).toHaveLength(5000);
    expect(mentions.every((mention, i) => mention.start === i * 13)).toBe(true);
  });
});

function collect(extractor: Extractor, bytes: Uint8Array, start: number, end: number) {
  const list: ReturnType<typeof readMention>[] = [];
  extractor.scan(bytes, start, end, (mention) => list.push(readMention(mention)));
  return list;
}

function isBoundary(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return !(before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000);
}
