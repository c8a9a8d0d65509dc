import type { RunRule, SignRule } from '../rule.ts';
import { amount } from './amount.ts';
import { card } from './card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { iccid } from './iccid.ts';
import { imei } from './imei.ts';
import { imsi } from './imsi.ts';
import { phone } from './phone.ts';
import { bareUrl, url } from './url.ts';
import { username } from './username.ts';

/** Every rule, by what leads to it. Of equals on one span the earlier wins. */
export const runRules: readonly RunRule[] = [imei, iccid, card, imsi, iban, phone, amount];
export const signRules: readonly SignRule[] = [email, username, url, bareUrl];
