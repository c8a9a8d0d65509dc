/** The parts of a number read so far, each smaller than what the one before leaves open: 2000, 300, 5. */
export type Parts = number[];

/** Beyond this a double is not exact. */
const GREATEST = 1e15;

/** Adds a value: `five` after `twenty`. `joined` allows `five and twenty`. False where it begins another number. */
export function addValue(parts: Parts, value: number, joined: boolean): boolean {
  const top = parts.at(-1);
  if (top !== undefined && !leavesOpen(top, value)) {
    const reversed = joined && top > 0 && top < 10 && value >= 20 && value < 100 && value % 10 === 0;
    if (!reversed) return false;
  }
  parts.push(value);
  return true;
}

/** 20 leaves its unit digit open, 100 two of them; in French 60 and 80 go on to 79 and 99. */
function leavesOpen(top: number, value: number): boolean {
  if (top === 60 || top === 80) return value < 20 && value > 0;
  if (top < 10 || value <= 0) return false;
  let unit = 10;
  while (unit < top && top % (unit * 10) === 0) unit *= 10;
  return top % unit === 0 && value < unit;
}

/** Multiplies what is smaller than the power: `two hundred` `thousand`. */
export function addPower(parts: Parts, exponent: number): boolean {
  const power = 10 ** exponent;
  let sum = 0;
  let count = 0;
  while (parts.length > 0 && (parts.at(-1) as number) < power) {
    sum += parts.pop() as number;
    count++;
  }
  if (count === 0) sum = 1;
  const above = parts.at(-1);
  if (above !== undefined && above % (power * 10) !== 0) return false;
  if (sum === 0 || sum * power > GREATEST) return false;
  parts.push(sum * power);
  return true;
}

export function totalOf(parts: Parts): number {
  let sum = 0;
  for (const part of parts) sum += part;
  return sum;
}
