import type { RunRule, SignRule } from '../rule.ts';
import { amount } from './amount.ts';
import { attachedLabel } from './attached-label.ts';
import { algorand, nano, nem } from './base32-address.ts';
import { base58Address } from './base58-address.ts';
import { bech32Address } from './bech32-address.ts';
import { card } from './card.ts';
import { cashAddress } from './cash-address.ts';
import { chinesePlate } from './chinese-plate.ts';
import { coordinate } from './coordinate.ts';
import { coordinateDms } from './coordinate-dms.ts';
import { date } from './date.ts';
import { dayAndMonth } from './day-and-month.ts';
import { email } from './email.ts';
import { ethereum } from './ethereum.ts';
import { byronAddress, hashedAddress } from './hashed-address.ts';
import { pgpCompact, pgpGroups, session } from './hex-key.ts';
import { iban } from './iban.ts';
import { iccid } from './iccid.ts';
import { imei } from './imei.ts';
import { imsi } from './imsi.ts';
import { ipv4, ipv6 } from './ip.ts';
import { macBare, macColons, macDots, macGroups } from './mac.ts';
import { monero } from './monero.ts';
import { oneTimeCode } from './one-time-code.ts';
import { onion } from './onion.ts';
import { phone } from './phone.ts';
import { plate } from './plate.ts';
import { halfFoldedPlate, russianPlate } from './russian-plate.ts';
import { solana, ss58Address } from './ss58-address.ts';
import { stellar } from './stellar.ts';
import { threema } from './threema.ts';
import { eos, hedera, moveAccount } from './unchecked-account.ts';
import { bareUrl, url } from './url.ts';
import { username } from './username.ts';

/** Rules for runs of letters and digits. Of equals on one span the earlier wins. */
export const runRules: readonly RunRule[] = [
  imei,
  iccid,
  card,
  imsi,
  attachedLabel,
  iban,
  base58Address,
  bech32Address,
  cashAddress,
  ethereum,
  monero,
  onion,
  stellar,
  ss58Address,
  solana,
  nano,
  algorand,
  nem,
  hashedAddress,
  byronAddress,
  moveAccount,
  hedera,
  eos,
  pgpCompact,
  pgpGroups,
  session,
  threema,
  oneTimeCode,
  date,
  dayAndMonth,
  phone,
  coordinate,
  coordinateDms,
  ipv4,
  macGroups,
  macBare,
  plate,
  chinesePlate,
  russianPlate,
  halfFoldedPlate,
  amount,
];

/** Rules for `@`, `:` and `.`. */
export const signRules: readonly SignRule[] = [email, username, url, macColons, ipv6, macDots, bareUrl];
