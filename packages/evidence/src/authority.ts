import { UsageError } from '@custody/bytes';
import { authoritySchema } from './authority-schema.ts';
import { endOf, isAuthorityTime, startOf } from './authority-time.ts';
import { compileOnce } from './compile-once.ts';
import { readContentClass } from './content-class.ts';
import { explainMistake } from './schema-mistakes.ts';

export type AuthorityUse = 'evidence' | 'intelligence-only';

/** The warrant, order or consent that a capture is examined under, as its file states it. */
export interface Authority {
  readonly id: string;
  readonly reference: string;
  readonly issuedBy: string;
  readonly jurisdiction: string;
  readonly legalBasis: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly scope: {
    readonly period: { readonly from: string; readonly to: string };
    readonly targets?: readonly { readonly type: string; readonly value: string }[];
    readonly platforms?: readonly string[];
    readonly contentClasses?: readonly string[];
    /** `undecided`: contacts, accounts, devices and memberships without a time wait for a decision too. */
    readonly undated?: 'undecided' | 'standing';
  };
  readonly type?: string;
  readonly document?: { readonly sha256: string };
  readonly privileged?: readonly { readonly type: string; readonly value: string; readonly role: string }[];
  readonly grantees?: readonly string[];
  readonly use?: AuthorityUse;
  readonly examineUntil?: string;
  readonly retainUntil?: string;
}

const validator = compileOnce<Authority>(authoritySchema, {
  'custody-time': isAuthorityTime,
  'content-class': (text) => readContentClass(text) !== null,
});

/**
 * Checks a parsed warrant file.
 * @throws UsageError AUTHORITY_INVALID that lists every mistake, each with its path.
 */
export function readAuthority(value: unknown): Authority {
  const validate = validator();
  const mistakes = validate(value) ? orderMistakes(value as Authority) : (validate.errors ?? []).map(explainMistake);
  if (mistakes.length > 0) {
    throw new UsageError(
      'AUTHORITY_INVALID',
      `the warrant has ${mistakes.length} mistake(s):\n  ${mistakes.join('\n  ')}`,
      {
        detail: { mistakes },
      },
    );
  }
  return value as Authority;
}

function orderMistakes(authority: Authority): string[] {
  const out: string[] = [];
  const order = (from: string, to: string, what: string) => {
    if (startOf(from) >= endOf(to)) out.push(`${what}: the end is not after the start`);
  };
  order(authority.validFrom, authority.validTo, '/validFrom, /validTo');
  order(authority.scope.period.from, authority.scope.period.to, '/scope/period');
  return out;
}
