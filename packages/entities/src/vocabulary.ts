/**
 * The closed vocabulary of what a mention can be. A type's id is its place in this array and is written into
 * indexes: append, never reorder, never remove.
 */
export interface EntityType {
  readonly id: EntityTypeId;
  readonly class: EntityClass;
  readonly type: string;
  /** One sentence: what it is and how its canonical value is written. */
  readonly about: string;
}

export type EntityTypeId = number;
export type EntityClass = 'handle' | 'device' | 'amount' | 'account' | 'place' | 'link' | 'time' | 'term';

/** Why a mention is believed, strongest first. */
export type Tier = 'checksum' | 'metadata' | 'context' | 'shape';
export type TierId = 0 | 1 | 2 | 3;
export const tiers: readonly Tier[] = ['checksum', 'metadata', 'context', 'shape'];
export const TIER_CHECKSUM: TierId = 0;
export const TIER_METADATA: TierId = 1;
export const TIER_CONTEXT: TierId = 2;
export const TIER_SHAPE: TierId = 3;

const rows: readonly (readonly [EntityClass, string, string])[] = [
  ['handle', 'email', 'An e-mail address, in lower case.'],
  ['handle', 'username', 'A name written with an at sign, as @name in lower case.'],
  ['handle', 'xmpp', 'An XMPP (Jabber) address without its resource, in lower case.'],
  ['handle', 'matrix', 'A Matrix user id, as @name:server in lower case.'],
  ['handle', 'threema', 'A Threema ID: 8 capital letters or digits, the first may be an asterisk.'],
  ['handle', 'session', 'A Session account ID: 66 hex digits that begin with 05, in lower case.'],
  ['handle', 'wickr', 'A Wickr user name named as such by the text, in lower case.'],
  ['handle', 'pgp', 'An OpenPGP fingerprint: 40 hex digits in capitals.'],
  ['handle', 'phone', 'A telephone number in E.164 form, as +49301234567.'],
  ['device', 'imei', 'A mobile device number of 15 digits with its Luhn check digit.'],
  ['device', 'imeisv', 'A mobile device number with software version, 16 digits.'],
  ['device', 'imsi', 'A subscriber number on a SIM, 15 digits that begin with a country code.'],
  ['device', 'iccid', 'A SIM card number, 19 or 20 digits that begin with 89.'],
  ['device', 'mac', 'A network hardware address, as aa:bb:cc:dd:ee:ff.'],
  ['device', 'ip', 'An IPv4 or IPv6 address; IPv6 in the short form of RFC 5952.'],
  ['amount', 'money', 'A sum as code and plain decimal, as EUR 431000; ISO 4217 or a coin such as BTC.'],
  ['amount', 'mass', 'A mass as plain decimal in kilograms, as 103.5 kg.'],
  ['amount', 'count', 'A number of things, as 30500000 pill.'],
  ['account', 'iban', 'An international bank account number, compact and in capitals.'],
  ['account', 'card', 'A payment card number, digits only.'],
  ['account', 'btc', 'A Bitcoin address; base58 as written, bech32 in lower case.'],
  [
    'account',
    'eth',
    'An Ethereum-style address: as written when its capitals carry the EIP-55 checksum, else lower case.',
  ],
  ['account', 'xmr', 'A Monero address, as written.'],
  ['account', 'ltc', 'A Litecoin address; base58 as written, bech32 in lower case.'],
  ['account', 'doge', 'A Dogecoin address, as written.'],
  ['account', 'dash', 'A Dash address, as written.'],
  ['account', 'bch', 'A Bitcoin Cash address in cashaddr form, in lower case with its prefix.'],
  ['account', 'trx', 'A Tron address, as written.'],
  ['account', 'zec', 'A Zcash transparent address, as written.'],
  ['account', 'xrp', 'An XRP Ledger classic address, as written.'],
  ['account', 'ada', 'A Cardano address in bech32, in lower case.'],
  ['account', 'xlm', 'A Stellar account, in capitals.'],
  ['account', 'coin', 'An address in base58check, as written, of a coin that has no type of its own.'],
  ['place', 'coordinate', 'A point as latitude,longitude in decimal degrees, as 52.3702,4.8952.'],
  ['place', 'plate', 'A vehicle registration plate, capitals without separators.'],
  ['link', 'url', 'A web address, scheme and host in lower case.'],
  ['link', 'onion', 'A Tor onion service of version 3: 56 letters and digits and .onion, in lower case.'],
  ['time', 'datetime', 'A date or time written in the text, in ISO 8601; `--05-12` where it has no year.'],
  ['time', 'code', 'A one-time verification code, as written without separators.'],
  ['account', 'sol', 'A Solana account, base58 of 32 bytes, as written. It has no checksum.'],
  ['account', 'dot', 'An address of Polkadot and its kin (SS58), as written.'],
  ['account', 'nano', 'A Nano account, in lower case with its prefix.'],
  ['account', 'algo', 'An Algorand address, in capitals.'],
  ['account', 'apt', 'An account of Aptos or Sui: 0x and 64 hex digits, in lower case. It has no checksum.'],
  ['account', 'hbar', 'A Hedera account, as 0.0.12345. It has no checksum.'],
  ['account', 'eos', 'An EOS account: 12 letters a to z, digits 1 to 5 and full stops. It has no checksum.'],
  ['term', 'codeword', 'A word of a dictionary that the lab gave: what it means, as the dictionary writes it.'],
];

/** Every type, its `id` being its place. Shapes and canonical values: docs of each row. */
export const entityTypes: readonly EntityType[] = rows.map((row, id) => ({
  id,
  class: row[0],
  type: row[1],
  about: row[2],
}));

const byName = new Map(entityTypes.map((entry) => [entry.type, entry]));

/** The id of a type, or -1 where the vocabulary has no such type. */
export function typeId(type: string): EntityTypeId {
  return byName.get(type)?.id ?? -1;
}

/** The class of a type, or null where the vocabulary has no such type. */
export function classOf(type: string): EntityClass | null {
  return byName.get(type)?.class ?? null;
}

/** The name of the type with this id. `id` comes from this package, so an unknown one is a mistake in it. */
export function typeName(id: EntityTypeId): string {
  return (entityTypes[id] as EntityType).type;
}

/** For rules: the id of a type they know to be in the table. Evaluated once, when a rule is loaded. */
export function knownType(type: string): EntityTypeId {
  const id = typeId(type);
  if (id < 0) throw new RangeError(`entities: ${type} is not in the vocabulary`);
  return id;
}
