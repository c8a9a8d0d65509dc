import { CUE_ANY_CODE, CUE_CARD, CUE_CODE, CUE_NUMBER, CUE_PHONE, CUE_PLATE, cueLexicon } from './cues.ts';
import type { TextMention } from './extract-text.ts';
import { classOf } from './vocabulary.ts';

/** Why a mention is believed, in words for the analyst who has to answer for it. */
export interface Explanation {
  /** What was looked for. */
  readonly rule: string;
  /** The check its characters passed, where the type has one. */
  readonly validator?: string;
  /** The word beside it that made it believed. */
  readonly cue?: string;
  /** Why this reading of an ambiguous number and not the other. */
  readonly reading?: string;
  /** What was done to the raw span before it was read. */
  readonly folded?: string;
  /** What the tier says. */
  readonly tier: string;
}

const REACH = 48;
const encoder = new TextEncoder();

/** Rule and validator of each type. */
const RULES: Readonly<Record<string, readonly [string, string?]>> = {
  email: ['local part, at sign and host name (RFC 5321)', 'the host has a top-level label'],
  username: ['an at sign and a name'],
  xmpp: ['an address like e-mail after a word such as jabber'],
  matrix: ['at sign, local part, colon and server (Matrix appendices 4.2.1)'],
  threema: ['eight capitals or digits after the messenger’s name'],
  session: ['66 hex digits that begin with 05'],
  wickr: ['a name after the messenger’s name'],
  pgp: ['40 hex digits, in groups or after a word such as fingerprint'],
  phone: ['digits with +, 00 or 011, or in national form', 'length and prefix in the numbering plan; see grade'],
  imei: ['15 digits (3GPP TS 23.003 6.2.1)', 'Luhn check digit holds, first two digits are a reporting body’s'],
  imeisv: ['16 digits (3GPP TS 23.003 6.2.2)'],
  imsi: ['15 digits after the word imsi (ITU-T E.212)', 'the country code’s zone is one of 2 to 7 and 9'],
  iccid: ['19 or 20 digits that begin with 89 (ITU-T E.118)', 'Luhn check digit holds'],
  mac: ['six pairs of hex digits'],
  ip: ['four numbers with dots, or an IPv6 address (RFC 4291)', 'every number is in range'],
  money: ['a number beside the sign, code or name of a currency'],
  mass: ['a number before the name of a unit of mass'],
  count: ['a number before the name of a thing counted'],
  iban: ['country, check digits and account (ISO 13616)', 'modulo 97 is 1, and the account has its country’s form'],
  card: ['12 to 19 digits (ISO 7812)', 'Luhn check digit holds, and the issuer’s prefix is known'],
  eth: ['0x and 40 hex digits', 'EIP-55 where the capitals carry it'],
  onion: ['56 characters and .onion (Tor rend-spec-v3)', 'SHA3-256 checksum and version hold'],
  url: ['a scheme and a host, or a host with a known top-level label'],
  coordinate: ['latitude and longitude', 'both are in range'],
  plate: ['groups of letters and digits, in a country’s form or after a word that names a plate'],
  datetime: ['day, month and year, and the time after them', 'the day is one of its month'],
  code: ['four to eight digits beside a word that names a one-time code'],
  codeword: ['a term of the dictionary given'],
  sol: ['base58 of 32 bytes'],
  apt: ['0x and 64 hex digits'],
  hbar: ['shard, realm and number'],
  eos: ['twelve of a to z and 1 to 5'],
};

const TIERS: Readonly<Record<string, string>> = {
  checksum: 'a checksum inside it holds',
  metadata: 'the record it stands in says so',
  context: 'a word or sign beside it says so',
  shape: 'it has the form, and nothing around it speaks against it',
};

const BITS: Readonly<Record<string, number>> = {
  ...{ phone: CUE_PHONE | CUE_NUMBER, card: CUE_CARD, plate: CUE_PLATE, code: CUE_CODE | CUE_ANY_CODE },
};
const OWN: Readonly<Record<string, readonly string[]>> = {
  ...{ imei: ['imei'], imeisv: ['imei', 'imeisv'], imsi: ['imsi'], threema: ['threema'], wickr: ['wickr'] },
  ...{
    xmpp: ['xmpp', 'jabber'],
    pgp: ['pgp', 'gpg', 'fingerprint'],
    hbar: ['hbar', 'hedera'],
    eos: ['eos', 'wax', 'telos'],
  },
  ...{ mac: ['mac', 'bssid', 'wlan', 'bluetooth'], coordinate: ['geo', 'lat', 'latitude'] },
};

/** Why `mention`, found in `text` by `extractText`, is believed. Only words beside it are looked at again. */
export function explainMention(text: string, mention: TextMention): Explanation {
  const [rule, validator] = RULES[mention.type] ?? accountRule(mention.type);
  const cue = mention.tier === 'context' || mention.tier === 'checksum' ? cueBeside(text, mention) : null;
  const reading = readingOf(mention);
  return {
    rule,
    ...(validator === undefined ? {} : { validator }),
    ...(cue === null ? {} : { cue }),
    ...(reading === null ? {} : { reading }),
    ...(mention.folds === undefined ? {} : { folded: mention.folds.join(', ') }),
    tier: TIERS[mention.tier] as string,
  };
}

function accountRule(type: string): readonly [string, string?] {
  return classOf(type) === 'account' ? [`an address of ${type}`, 'its checksum holds'] : ['its form'];
}

/** The nearest word before the mention, else behind it, that speaks for its type. */
function cueBeside(text: string, mention: TextMention): string | null {
  const before = text
    .slice(Math.max(0, mention.start - REACH), mention.end)
    .slice(0, -(mention.end - mention.start) || undefined);
  const after = text.slice(mention.end, mention.end + REACH);
  const isCue = (word: string): boolean => {
    if ((OWN[mention.type] ?? []).includes(word.toLowerCase())) return true;
    const bytes = encoder.encode(word);
    return ((cueLexicon().find(bytes, 0, bytes.length) ?? 0) & (BITS[mention.type] ?? 0)) !== 0;
  };
  const words = (part: string): string[] => part.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words(before).reverse().find(isCue) ?? words(after).find(isCue) ?? null;
}

function readingOf({ language, alternatives, type }: TextMention): string | null {
  if (language !== undefined) {
    const by = language.from === 'given' ? 'as the caller says' : 'as the words of the message show';
    return `read as ${language.code} is written, ${by}`;
  }
  const isAmbiguous =
    (alternatives ?? []).some((other) => other.type === type) && (type === 'money' || type === 'mass');
  return isAmbiguous ? 'read as the currency and the grouping suggest; no language was told or seen' : null;
}
