/** What a unit of the sets allows as code, and the power of ten between it and the whole unit. */
interface Unit {
  readonly codes: readonly string[] | null;
  readonly scale: number;
}

const DOLLARS = [
  'USD',
  'AUD',
  'CAD',
  'NZD',
  'HKD',
  'SGD',
  'TWD',
  'MXN',
  'JMD',
  'TTD',
  'BZD',
  'ZAR',
  'GBP',
  'INR',
  'PHP',
  'EUR',
];
const POUNDS = ['GBP', 'EGP', 'LBP', 'IEP'];
const CROWNS = ['SEK', 'NOK', 'DKK', 'ISK', 'CZK'];
const FRANCS = ['CHF', 'FRF', 'XAF', 'XOF', 'BEF'];

const UNITS: readonly (readonly [RegExp, readonly string[] | null, number])[] = [
  [/hong kong/i, ['HKD'], 0],
  [/taiwan/i, ['TWD'], 0],
  [/canad/i, ['CAD'], 0],
  [/austral/i, ['AUD'], 0],
  [/united states|tats-unis|unidense|americ/i, ['USD'], 0],
  [/mexican peso/i, ['MXN'], 0],
  [/^(dollar|dólar)$/i, DOLLARS, 0],
  [/^(cent|centavo|penny|pence|penique|pêni|centimes?|penni|øre|sen|att|pennies)$/i, null, -2],
  [/british|^(pound|libra|livre)$/i, POUNDS, 0],
  [/yen/i, ['JPY'], 0],
  [/yuan/i, ['CNY'], 0],
  [/swiss|suíço|suizo|suisse/i, ['CHF'], 0],
  [/^(franc|franco)$/i, FRANCS, 0],
  [/euro/i, ['EUR'], 0],
  [/swedish krona/i, ['SEK'], 0],
  [/norwegian/i, ['NOK'], 0],
  [/^krone$/i, CROWNS, 0],
  [/finnish|finland/i, ['FIM'], 0],
  [/guilder|florin?|florim/i, ['NLG', 'ANG'], 0],
  [/peseta/i, ['ESP'], 0],
  [/lao kip/i, ['LAK'], 0],
  [/sri lankan/i, ['LKR'], 0],
  [/indi/i, ['INR'], 0],
  [/rupee|roupie|rupia/i, ['INR', 'PKR', 'LKR', 'NPR', 'IDR', 'MUR'], 0],
  [/lari/i, ['GEL'], 0],
  [/naira/i, ['NGN'], 0],
  [/bitcoin/i, ['BTC'], 0],
  [/satoshi/i, ['BTC'], -8],
  [/costa rican/i, ['CRC'], 0],
  [/turkish/i, ['TRY'], 0],
  [/riel/i, ['KHR'], 0],
  [/balboa/i, ['PAB'], 0],
  [/kwartje/i, ['NLG'], 0],
  [/dubbeltje/i, ['NLG'], 0],
];

/** Plural coins whose set value counts coins, in hundredths of the unit. */
const COINS: Readonly<Record<string, number>> = { Kwartje: 25, Dubbeltje: 10 };

export function unitOf(name: string, iso: string | undefined): Unit {
  const row = UNITS.find(([pattern]) => pattern.test(name));
  if (row !== undefined) return { codes: row[1], scale: row[2] };
  return { codes: iso === undefined ? [] : [iso], scale: 0 };
}

/** Whether our `CODE 12.5` says what a label of Recognizers-Text says. */
export function sameSum(ours: string, label: { value: string | null; unit?: string; isoCurrency?: string }): boolean {
  const [code = '', amount = ''] = ours.split(' ');
  const unit = unitOf(label.unit ?? '', label.isoCurrency);
  if (unit.codes !== null && !unit.codes.includes(code)) return false;
  const wanted = Number((label.value ?? '').replace(',', '.')) * ((COINS[label.unit ?? ''] ?? 0) / 100 || 1);
  return near(Number(amount), wanted * 10 ** unit.scale);
}

export function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-12);
}
