import { extractText, type TextMention } from '../../src/index.ts';
import { type Row, readJson, readRows } from './labelled-rows.ts';
import { Tally } from './tally.ts';

const MODELS: readonly (readonly [string, string, string])[] = [
  ['PhoneNumberModel', 'phone', 'phone (possible)'],
  ['IpAddressModel', 'ip', 'ip'],
  ['URLModel', 'url', 'url'],
  ['EmailModel', 'email', 'email'],
  ['MentionModel', 'username', 'mention'],
];

/** Spans of telephone numbers, addresses and names in the Recognizers sets. */
export function sequenceTallies(showUnseen: boolean): Tally[] {
  const rows = readRows('recognizers_text.jsonl');
  return MODELS.map(([model, type, name]) => {
    const tally = new Tally(name, showUnseen);
    for (const row of rows.filter((one) => one.model === model)) {
      const labels = row.results.map((result) => ({ text: result.Text, label: null }));
      tally.spans(row.input, labels, ofType(row.input, type));
    }
    return tally;
  });
}

/** Google's example numbers: in international form, and in national form with their region. */
export function exampleTallies(showUnseen: boolean): Tally[] {
  const international = new Tally('libphonenumber examples +', showUnseen);
  const national = new Tally('the same, national with region', showUnseen);
  for (const row of readRows('libphonenumber_examples.jsonl')) {
    const wanted = `+${row.cc}${row.national}`;
    const found = ofType(`call ${wanted} now`, 'phone').some((mention) => mention.value === wanted);
    international.row(wanted, found, `${row.region} ${row.type} not found`);
    if (row.region === '001') continue;
    const text = `tel ${row.national}`;
    const local = extractText(text, { region: row.region }).filter((mention) => mention.type === 'phone');
    const isFound = local.some((mention) => mention.value === wanted);
    national.row(wanted, isFound, `${row.region} ${row.type}: ${local.map((one) => one.value).join()}`);
  }
  return [international, national, ...matcherTallies(showUnseen)];
}

function matcherTallies(showUnseen: boolean): Tally[] {
  const found = new Tally('libphonenumber matcher: found', showUnseen);
  const refused = new Tally('libphonenumber matcher: impossible', showUnseen);
  for (const row of readRows('libphonenumber_matcher.jsonl')) {
    const spans = extractText(row.text, { region: row.region }).filter((mention) => mention.type === 'phone');
    const whole = spans.some((mention) => mention.start === 0 && mention.end >= row.text.length - 8);
    if (row.set === 'IMPOSSIBLE_CASES') refused.row(row.text, spans.length === 0, 'taken for a number');
    else found.row(row.text, whole, `${row.set}, found ${spans.map((one) => one.text).join(' | ')}`);
  }
  return [found, refused];
}

const RECOGNIZERS: Readonly<Record<string, string>> = {
  iban: 'iban',
  ip: 'ip',
  mac: 'mac',
  credit_card: 'card',
  crypto: 'btc',
  email: 'email',
  url: 'url',
  ...{ de_kfz: 'plate', tr_license_plate: 'plate', uk_vehicle_registration: 'plate', in_vehicle_registration: 'plate' },
  ...{ tr_phone_number: 'phone', ph_mobile_number: 'phone', phone: 'phone' },
};

const REGIONS: Readonly<Record<string, string>> = {
  ...{ de_kfz: 'DE', tr_license_plate: 'TR', uk_vehicle_registration: 'GB', in_vehicle_registration: 'IN' },
  ...{ tr_phone_number: 'TR', ph_mobile_number: 'PH' },
};

/** Rows of Presidio's unit tests: as many mentions as the row expects. */
export function presidioTallies(showUnseen: boolean): Tally[] {
  const rows = readRows('presidio_tests.jsonl');
  return Object.entries(RECOGNIZERS).map(([recognizer, type]) => {
    const tally = new Tally(`presidio ${recognizer}`, showUnseen);
    const region = REGIONS[recognizer];
    for (const row of rows.filter((one) => one.recognizer === recognizer)) {
      const text = row.text ?? row.iban;
      if (text === undefined) continue;
      const found = extractText(text, region === undefined ? {} : { region }).filter((one) => one.type === type);
      tally.row(text, found.length === row.expected_len, `expected ${row.expected_len}, found ${names(found)}`);
    }
    return tally;
  });
}

interface Synthetic {
  readonly full_text: string;
  readonly spans: readonly { readonly entity_type: string; readonly entity_value: string }[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ IBAN_CODE: 'iban', CREDIT_CARD: 'card', IP_ADDRESS: 'ip', EMAIL_ADDRESS: 'email', DOMAIN_NAME: 'url' },
  PHONE_NUMBER: 'phone',
};

/** Presidio's synthetic sentences. Their IBANs and telephone numbers are invented: many are no real ones. */
export function syntheticTallies(showUnseen: boolean): Tally[] {
  const rows = readJson<Synthetic[]>('presidio_research_synth_v2.json');
  return Object.entries(ENTITIES).map(([entity, type]) => {
    const tally = new Tally(`presidio synthetic ${type}`, showUnseen);
    for (const row of rows) {
      const labels = row.spans.filter((span) => span.entity_type === entity);
      if (labels.length === 0) continue;
      const wanted = labels.map((span) => ({ text: span.entity_value, label: null }));
      tally.spans(row.full_text, wanted, ofType(row.full_text, type));
    }
    return tally;
  });
}

/** Addresses that are all there is in a text, valid ones found whole and invalid ones not. */
export function coinTally(showUnseen: boolean): Tally {
  const tally = new Tally('crypto addresses', showUnseen);
  for (const row of readRows('crypto_addresses.jsonl')) {
    const whole = extractText(row.address).filter((one) => one.start === 0 && one.end === row.address.length);
    const isFound = whole.some((one) => one.class === 'account' && one.type !== 'card' && one.type !== 'iban');
    const what = `${row.coin} ${row.valid ? 'valid' : 'invalid'}, read as ${names(whole)}`;
    if (row.valid || !isFound || !isOtherCoin(row, whole)) tally.row(row.address, isFound === row.valid, what);
  }
  return tally;
}

/** Listed as invalid for one coin while it is an address of another: a checksum of that one holds, or it has none. */
function isOtherCoin(row: Row, found: readonly TextMention[]): boolean {
  const unchecked = ['sol', 'eth', 'apt'];
  return found.some((one) => (one.tier === 'checksum' || unchecked.includes(one.type)) && one.type !== row.coin);
}

/** Numbers of python-stdnum with a type of ours. */
export function standardNumberTallies(showUnseen: boolean): Tally[] {
  const kinds: Readonly<Record<string, string>> = {
    imei: 'imei',
    imsi: 'imsi',
    mac: 'mac',
    iban: 'iban',
    bitcoin: 'btc',
  };
  return Object.entries(kinds).map(([kind, type]) => {
    const tally = new Tally(`stdnum ${kind}`, showUnseen);
    for (const row of readRows('python_stdnum.jsonl').filter((one) => one.kind === kind)) {
      const found = ofType(`${kind} ${row.number}`, type).concat(type === 'imei' ? ofType(row.number, 'imeisv') : []);
      const isBad = /Traceback|False|Invalid/i.test(row.result ?? '');
      tally.row(row.number, found.length > 0 !== isBad, `${row.result ?? ''} found ${names(found)}`);
    }
    return tally;
  });
}

function ofType(text: string, type: string): TextMention[] {
  return extractText(text).filter((mention) => mention.type === type);
}

function names(found: readonly TextMention[]): string {
  return found.map((mention) => `${mention.type} ${mention.value}`).join(', ') || 'nothing';
}
