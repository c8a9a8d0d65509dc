import { phonePlans } from './phone-plans.ts';

/** Shorter numbers are in national form more often than not. */
const LEAST_WITHOUT_PLUS = 11;

/**
 * Numbers that a regulator keeps free of subscribers, for films and examples, where the plan of the region leaves them
 * out: they are written and dialled like any other. Ofcom, "Telephone numbers for drama use": mobile and no area.
 */
const RESERVED: Readonly<Record<string, string>> = { GB: '7700900\\d{3}|1632960\\d{3}' };

/** What a region's plan says of telephone numbers. */
interface Plan {
  readonly code: string;
  readonly lengths: ReadonlySet<number>;
  readonly prefix: string;
  readonly prefixPattern: RegExp | null;
  readonly replacement: string;
  readonly valid: RegExp;
}

const plans = new Map<string, Plan | null>();
let regionsByCode: Map<string, string[]> | null = null;

function planOf(region: string): Plan | null {
  const known = plans.get(region);
  if (known !== undefined) return known;
  const row = Object.hasOwn(phonePlans, region) ? phonePlans[region] : undefined;
  const plan = row === undefined ? null : readPlan(row, RESERVED[region]);
  if (plan !== null) plans.set(region, plan);
  return plan;
}

function readPlan(row: string, reserved: string | undefined): Plan {
  const [code = '', lengths = '', prefix = '', forParsing = '', replacement = '', valid = ''] = row.split('\t');
  const pattern = forParsing === '' ? (prefix === '' ? null : prefix) : forParsing;
  return {
    code,
    lengths: new Set(lengths.split(',').map(Number)),
    prefix,
    prefixPattern: pattern === null ? null : new RegExp(`^(?:${pattern})`),
    replacement,
    valid: new RegExp(`^(?:${reserved === undefined ? valid : `${valid}|${reserved}`})$`),
  };
}

/** Regions of a calling code: `1` has twenty-five, `31` one. */
function regionsOf(code: string): readonly string[] {
  regionsByCode ??= Map.groupBy(
    Object.keys(phonePlans),
    (region) => (phonePlans[region] as string).split('\t')[0] ?? '',
  );
  return regionsByCode.get(code) ?? [];
}

/** The calling code that `digits`, a number without its `+`, begin with; empty where none is assigned. */
export function callingCodeOf(digits: string): string {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    if (regionsOf(code).length > 0) return code;
  }
  return '';
}

export type PhoneGrade = 'valid' | 'possible';

/** An international number as E.164 without its `+`, and how well it fits its plan; null where it cannot be one. */
export interface PlannedNumber {
  readonly digits: string;
  readonly grade: PhoneGrade;
}

/** Reads `digits`, a number without its `+`; a trunk zero after the calling code is dropped where the rest is valid. */
export function readInternational(digits: string): PlannedNumber | null {
  const code = callingCodeOf(digits);
  if (code === '') return null;
  const national = digits.slice(code.length);
  let possible: string | null = null;
  for (const region of regionsOf(code)) {
    const plan = planOf(region) as Plan;
    if (plan.valid.test(national)) return { digits, grade: 'valid' };
    const rest = withoutPrefix(plan, national);
    if (rest !== null && rest !== national && plan.valid.test(rest)) return { digits: code + rest, grade: 'valid' };
    if (plan.lengths.has(national.length)) possible ??= digits;
    else if (rest !== null && plan.lengths.has(rest.length)) possible ??= code + rest;
  }
  return possible === null ? null : { digits: possible, grade: 'possible' };
}

/** Digits of a valid international number whose plus was left out, as messengers show them; null for anything shorter. */
export function withoutPlus(digits: string): PlannedNumber | null {
  if (digits.length < LEAST_WITHOUT_PLUS || digits.startsWith('0')) return null;
  const read = readInternational(digits);
  return read?.grade === 'valid' ? read : null;
}

/** Reads `digits` as a number in national form in `region`, an ISO 3166 code. */
export function readNational(digits: string, region: string): PlannedNumber | null {
  const plan = planOf(region);
  if (plan === null) return null;
  const rest = withoutPrefix(plan, digits);
  if (rest !== null && rest !== digits && plan.valid.test(rest)) return { digits: plan.code + rest, grade: 'valid' };
  if (plan.valid.test(digits)) return { digits: plan.code + digits, grade: 'valid' };
  if (digits.startsWith(plan.code)) {
    const own = digits.slice(plan.code.length);
    if (plan.valid.test(own)) return { digits, grade: 'valid' };
  }
  const national = rest ?? digits;
  return plan.lengths.has(national.length) ? { digits: plan.code + national, grade: 'possible' } : null;
}

/** Whether numbers of the region are dialled with a prefix that `digits` have. */
export function hasNationalPrefix(digits: string, region: string): boolean {
  const prefix = planOf(region)?.prefix ?? '';
  return prefix !== '' && digits.startsWith(prefix);
}

function withoutPrefix(plan: Plan, digits: string): string | null {
  if (plan.prefixPattern === null) return digits;
  const match = plan.prefixPattern.exec(digits);
  if (match === null || match[0] === '') return digits;
  if (plan.replacement === '' || match.at(-1) === undefined) return digits.slice(match[0].length);
  return (
    plan.replacement.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '') +
    digits.slice(match[0].length)
  );
}
