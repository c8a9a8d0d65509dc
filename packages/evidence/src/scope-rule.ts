import type { Authority } from './authority.ts';
import { endOf, startOf } from './authority-time.ts';
import { type ContentClass, classesOfKind, readContentClass } from './content-class.ts';
import { type Disposition, dispositionCode } from './disposition.ts';
import type { Party } from './item.ts';
import type { ItemKind } from './item-kinds.ts';
import type { BatchFacts } from './leaf-batch.ts';

/** One decision an item: `codes` are disposition codes, `rules` indexes into `names`. Both by item row. */
export interface Decisions {
  readonly codes: Uint8Array;
  readonly rules: Uint8Array;
  readonly names: readonly string[];
}

/** Rules by number, each with what it decides; those of privileged parties follow. */
const fixedRules: readonly (readonly [Disposition, string])[] = [
  ['in-scope', 'in scope: every restriction of the authority is met'],
  ['out-of-scope', 'out of scope: platform'],
  ['out-of-scope', 'out of scope: content class'],
  ['out-of-scope', 'out of scope: no target among the parties'],
  ['out-of-scope', 'out of scope: outside the period'],
  [
    'undecided',
    'undecided: the authority limits the period and the item has no time, or one that may lie on either side',
  ],
  ['in-scope', 'in scope: a standing record without a time of its own; the period limits what happened'],
  ['in-scope', 'in scope: only bounds of the time are known, and they lie inside the period'],
  ['out-of-scope', 'out of scope: only bounds of the time are known, and they lie outside the period'],
];

const fixedCodes = fixedRules.map(([disposition]) => dispositionCode[disposition]);
const OUTSIDE = 4;
const UNDATED = 5;
const STANDING = 6;
const WITHIN = 7;
const BEYOND = 8;

/**
 * Records of what is rather than of what happened: an address book, a subscriber register or an inventory of SIM cards
 * mostly states no time. An authority whose `scope.undated` is `undecided` has them wait for a decision.
 */
const standingKinds: ReadonlySet<ItemKind> = new Set(['contact', 'account', 'device', 'membership']);

/** Rules are stored in one byte each: parties beyond have the last one in common. */
const LAST_RULE = 255;

/**
 * The authority as a pure function of items. Privilege is looked at first, so that what may be privileged never lies
 * with what is merely out of scope; then platform, content class, targets, period. The first rule that speaks decides.
 */
export class ScopeRule {
  /** Every rule that can decide, in the order of their numbers. */
  readonly names: readonly string[];
  readonly #from: number;
  readonly #to: number;
  readonly #standing: ReadonlySet<ItemKind>;
  readonly #platforms: ReadonlySet<string> | null;
  readonly #classes: ReadonlySet<ContentClass> | null;
  readonly #targets: ReadonlySet<string> | null;
  readonly #privileged: ReadonlyMap<string, number>;

  constructor(authority: Authority) {
    const { scope } = authority;
    this.#from = startOf(scope.period.from);
    this.#to = endOf(scope.period.to);
    this.#standing = scope.undated === 'undecided' ? new Set() : standingKinds;
    this.#platforms = scope.platforms === undefined ? null : new Set(scope.platforms.map((name) => name.toLowerCase()));
    this.#classes =
      scope.contentClasses === undefined
        ? null
        : new Set(scope.contentClasses.map(readContentClass).filter((name) => name !== null));
    this.#targets = scope.targets === undefined ? null : new Set(scope.targets.map(partyKey));
    const privileged = authority.privileged ?? [];
    this.#privileged = new Map(
      privileged.map((party, i) => [partyKey(party), Math.min(fixedRules.length + i, LAST_RULE)]),
    );
    const named = privileged.slice(0, LAST_RULE - fixedRules.length);
    this.names = [
      ...fixedRules.map(([, name]) => name),
      ...named.map((party, i) => `privileged: party ${i + 1} of the authority (${party.role})`),
      ...(privileged.length > named.length ? [`privileged: party ${named.length + 1} of the authority or later`] : []),
    ];
  }

  /** Decides every item of a batch. */
  decide(facts: BatchFacts): Decisions {
    const count = facts.kinds.length;
    const codes = new Uint8Array(count);
    const rules = new Uint8Array(count);
    const roles = facts.parties.map((party) => this.#role(party));
    for (let i = 0; i < count; i++) {
      const rule = this.#rule(facts, i, roles);
      rules[i] = rule;
      codes[i] = codeOf(rule);
    }
    return { codes, rules, names: this.names };
  }

  #role(party: Party): { privileged: number; target: boolean } {
    const key = partyKey(party);
    return { privileged: this.#privileged.get(key) ?? -1, target: this.#targets?.has(key) ?? true };
  }

  #rule(facts: BatchFacts, i: number, roles: readonly { privileged: number; target: boolean }[]): number {
    let target = this.#targets === null;
    const end = facts.partyEnds[i] as number;
    for (let p = i === 0 ? 0 : (facts.partyEnds[i - 1] as number); p < end; p++) {
      const role = roles[facts.partyIds[p] as number] as { privileged: number; target: boolean };
      if (role.privileged >= 0) return role.privileged;
      target ||= role.target;
    }
    if (this.#platforms !== null && !this.#platforms.has((facts.platforms[i] as string).toLowerCase())) return 1;
    const kind = facts.kinds[i];
    if (this.#classes !== null && (kind === undefined || !this.#classes.has(classesOfKind(kind)))) return 2;
    if (!target) return 3;
    const sent = facts.sentMs[i] as number;
    if (Number.isNaN(sent)) return this.#undated(kind, facts.sentWithin.get(i));
    return sent >= this.#from && sent < this.#to ? 0 : OUTSIDE;
  }

  #undated(kind: ItemKind | undefined, within: readonly [number, number] | undefined): number {
    if (within !== undefined) {
      if (within[0] >= this.#from && within[1] <= this.#to) return WITHIN;
      return within[1] <= this.#from || within[0] >= this.#to ? BEYOND : UNDATED;
    }
    return kind !== undefined && this.#standing.has(kind) ? STANDING : UNDATED;
  }
}

function codeOf(rule: number): number {
  return fixedCodes[rule] ?? dispositionCode.privileged;
}

/**
 * One spelling for one party: telephone numbers by their digits, addresses without regard to case. Only for the
 * comparison with an authority; what is stored stays as found.
 */
export function partyKey(party: { readonly type: string; readonly value: string }): string {
  const type = party.type.toLowerCase();
  const value = party.value.trim();
  if (type === 'phone') return `phone\n${value.replace(/^00/, '').replace(/\D/g, '')}`;
  if (type === 'username') return `username\n${value.replace(/^@/, '').toLowerCase()}`;
  return `${type}\n${value.toLowerCase()}`;
}
