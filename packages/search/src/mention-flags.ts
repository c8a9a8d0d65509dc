import { type FoundMention, foldNames } from '@custody/entities';

const TIER_SHIFT = 8;
const READING_SHIFT = 16;
const HOW_SHIFT = 17;
const GRADE_SHIFT = 8;
const FOLDS = (1 << GRADE_SHIFT) - 1;
/** Of a telephone number; the place in this list is the stored code, 0 for what has no grade. */
const grades = [null, 'valid', 'possible'] as const;

export interface MentionHow {
  /** What was done to the span before it was read. */
  readonly folds: readonly string[];
  readonly grade: 'valid' | 'possible' | null;
}

/** How a mention was read, as the column `how` stores it: bits of the folds, and the grade above them. */
export function packHow({ folds, grade }: Pick<FoundMention, 'folds' | 'grade'>): number {
  return (folds & FOLDS) | (grades.indexOf(grade) << GRADE_SHIFT);
}

export function readHow(how: number): MentionHow {
  const folds = how === 0 ? [] : foldNames.filter((_, bit) => ((how >> bit) & 1) === 1);
  return { folds, grade: grades[how >> GRADE_SHIFT] ?? null };
}

/** Place, tier, reading and how in one number. */
export function packFlags(row: {
  readonly place: number;
  readonly tier: number;
  readonly reading: number;
  readonly how: number;
}): number {
  return row.place | (row.tier << TIER_SHIFT) | (row.reading << READING_SHIFT) | (row.how << HOW_SHIFT);
}

export function readingOfFlags(flags: number): number {
  return (flags >>> READING_SHIFT) & 1;
}

export function howOfFlags(flags: number): number {
  return flags >>> HOW_SHIFT;
}
