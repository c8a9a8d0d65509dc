import { CustodyError } from '@custody/bytes';
import type { Failure } from '@custody/case';
import type { AnchoredCase } from '../anchored-case.ts';

/** One row of the table: what somebody does, what shows it, and the code that it is told with. */
export interface Attack {
  readonly what: string;
  readonly shownBy: string;
  readonly code: string;
  /** Carries it out on a copy of a real case and resolves to what is told. */
  carry(scene: AnchoredCase): Promise<readonly Failure[]>;
}

/** What an act that must be refused says. */
export async function refusalOf(act: () => Promise<unknown> | unknown): Promise<readonly Failure[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [{ object: 'log', code: error.code, message: error.message }];
  }
}

/** The rows as the README of chain has them. */
export function attackTable(attacks: readonly Attack[]): string {
  const rows = attacks.map(({ what, shownBy, code }) => `| ${what} | ${shownBy} | \`${code}\` |`);
  return ['| attack | what shows it | code |', '| --- | --- | --- |', ...rows].join('\n');
}
