import { extractText } from '../../src/index.ts';
import { Tally } from './tally.ts';

const SEED = 20260101;
const EACH = 400;
/** What stands around a number in chat; `#` is the number. */
const FRAMES: Readonly<Record<string, readonly string[]>> = {
  imei: ['imei #', 'my phone is #', 'IMEI: # and the old one is gone', 'toestel # staat aan', 'telefon # aktif', '#'],
  iccid: ['iccid #', 'sim # activated', 'simkaart # ligt klaar', '#'],
  imsi: ['imsi #', 'IMSI: #', 'the imsi is # now'],
  mass: ['need # tomorrow', 'ik heb # liggen', 'brauche # bis freitag', '# ready'],
};
const UNITS: readonly (readonly [string, number])[] = [
  ['kg', 0],
  [' kg', 0],
  [' kilo', 0],
  ['g', -3],
  [' gram', -3],
  [' ton', 3],
];

/** Numbers that no public set has, made from a seed: IMEI, ICCID, IMSI and masses in text; and the same with a wrong check digit. */
export function generatedTallies(showUnseen: boolean): Tally[] {
  const next = random(SEED);
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(next() * 10)).join('');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const tally = (name: string): Tally => new Tally(`generated ${name}`, showUnseen);
  const [imei, bad, iccid, imsi, mass] = [
    tally('imei'),
    tally('imei, check digit wrong'),
    tally('iccid'),
    tally('imsi'),
    tally('mass'),
  ];
  for (let k = 0; k < EACH; k++) {
    const body = `${pick(['35', '86', '01', '99'])}${digits(12)}`;
    const whole = `${body}${luhnDigit(body)}`;
    check(imei, 'imei', {
      frame: pick(FRAMES.imei as string[]),
      number: grouped(whole, pick(IMEI_GROUPS)),
      value: whole,
    });
    const wrong = `${body}${(Number(luhnDigit(body)) + 1 + Math.floor(next() * 8)) % 10}`;
    const found = extractText(`my phone is ${wrong}`).filter(({ type }) => type === 'imei');
    bad.row(wrong, found.length === 0, 'taken for an IMEI');
    const card = `89${pick(['31', '44', '49', '33'])}${digits(14)}`;
    const sim = `${card}${luhnDigit(card)}`;
    check(iccid, 'iccid', {
      frame: pick(FRAMES.iccid as string[]),
      number: grouped(sim, pick([[19], [4, 4, 4, 4, 3]])),
      value: sim,
    });
    const subscriber = `${pick(['204', '262', '234', '208', '310'])}${digits(12)}`;
    check(imsi, 'imsi', { frame: pick(FRAMES.imsi as string[]), number: subscriber, value: subscriber });
    const amount = 1 + Math.floor(next() * 900);
    const [unit, power] = pick(UNITS);
    const kilograms = Number((amount * 10 ** power).toFixed(6));
    check(mass, 'mass', { frame: pick(FRAMES.mass as string[]), number: `${amount}${unit}`, value: `${kilograms} kg` });
  }
  return [imei, bad, iccid, imsi, mass];
}

const IMEI_GROUPS: readonly (readonly number[])[] = [[15], [2, 6, 6, 1], [6, 2, 6, 1], [8, 6, 1]];

function check(tally: Tally, type: string, made: { frame: string; number: string; value: string }): void {
  const text = made.frame.replace('#', made.number);
  const found = extractText(text).filter((mention) => mention.type === type);
  const isFound = found.length === 1 && found[0]?.value === made.value;
  tally.row(
    text,
    isFound,
    `${made.value} read as ${extractText(text)
      .map((one) => `${one.type} ${one.value}`)
      .join(', ')}`,
  );
}

function grouped(number: string, sizes: readonly number[]): string {
  const ends = sizes.map((_, k) => sizes.slice(0, k + 1).reduce((sum, size) => sum + size, 0));
  return sizes.map((size, k) => number.slice((ends[k] as number) - size, ends[k])).join(sizes.length === 5 ? ' ' : '-');
}

function luhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, k) => {
    const value = Number(digit) * (k % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
