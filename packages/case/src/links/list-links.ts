import type { Link, LinkBasis, LinkNode, LinksIndex } from '@custody/search';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { canonicalIdentifier, classOfIdentifier } from './canonical-identifier.ts';
import { conflictsOf } from './link-conflicts.ts';
import { linksOfCase } from './links-of-case.ts';

/** One line of `custody links --json`. */
export interface LinkLine {
  readonly hop: number;
  readonly from: LinkNode;
  readonly to: LinkNode & { readonly class: string };
  /** `metadata`: the format's own fields tie them; `mentioned`: the one's text names the other. */
  readonly basis: LinkBasis;
  readonly count: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Item numbers: all of them, or the first ones where `count` is greater. */
  readonly items: readonly number[];
  readonly conflicts: readonly string[];
  readonly logged?: false;
}

export interface LinksOptions {
  /** `TYPE:VALUE`, or a value of any type. */
  readonly of: string;
  /** A type or a class; without it, everything. */
  readonly to?: string;
  /** 1 unless told otherwise. */
  readonly hops?: number;
  readonly basis?: LinkBasis;
  /** Most item numbers a line. */
  readonly cite?: number;
  readonly reason?: string;
  readonly progress?: Progress;
}

const CITED = 100;
const MOST_HOPS = 8;
/** Ours: a neighbourhood beyond this is told to be too wide, not shown in part. */
const MOST_LINKS = 500_000;

/**
 * What belongs together with an identifier, hop by hop. Only metadata leads on to a further hop: what somebody wrote
 * ties the writer to what is named and nothing beyond. The access is recorded first. Errors as linksOfCase, and
 * UsageError ARGUMENT_INVALID.
 */
export async function* listLinks(opened: Case, options: LinksOptions): AsyncGenerator<LinkLine> {
  const { of, to, hops = 1, basis, cite = CITED, reason } = options;
  if (!(hops >= 1 && hops <= MOST_HOPS)) throw usage('ARGUMENT_INVALID', `--hops takes 1 to ${MOST_HOPS}`);
  const parameters = { of, to: to ?? null, hops, basis: basis ?? null };
  const logged = await recordAccess(opened, 'links', { parameters, ...(reason !== undefined && { reason }) });
  const links = await linksOfCase(opened, options.progress);
  let count = 0;
  for (const { link, from, hop } of neighbourhood(links, findNodes(links, of), hops)) {
    if (basis !== undefined && link.basis !== basis) continue;
    if (to !== undefined && !isOf(links.typeOf(link.to), to)) continue;
    if (++count > MOST_LINKS)
      throw usage('ARGUMENT_INVALID', `more than ${MOST_LINKS} links: fewer --hops, or --to a type`);
    yield { ...lineOf(links, { link, from, hop }, cite), ...notLogged(logged) };
  }
}

/** Other words for a type of ours, as tables and analysts use them. */
const ALIASES: Readonly<Record<string, string>> = {
  msisdn: 'phone',
  tel: 'phone',
  telephone: 'phone',
  number: 'phone',
  sim: 'iccid',
};

/** Every identifier that the text may name. Throws UsageError ARGUMENT_INVALID for an empty one. */
export function findNodes(links: LinksIndex, text: string): number[] {
  const colon = text.indexOf(':');
  const named = colon > 0 ? text.slice(0, colon).toLowerCase() : '';
  const type = Object.hasOwn(ALIASES, named) ? (ALIASES[named] as string) : named;
  const stated = links.types.includes(type) || type === 'imeisv' || classOfIdentifier(type) !== 'handle';
  if (text.trim() === '') throw usage('ARGUMENT_INVALID', '--of takes TYPE:VALUE, for example imei:350000000000006');
  const wanted =
    stated && colon > 0 ? [[type, text.slice(colon + 1)] as const] : links.types.map((one) => [one, text] as const);
  const found = wanted.map(([one, value]) => {
    const canonical = canonicalIdentifier(one, value);
    return links.find(canonical.type, canonical.value);
  });
  return [...new Set(found)].filter((node) => node >= 0);
}

interface Step {
  readonly link: Link;
  readonly from: number;
  readonly hop: number;
}

/** Breadth first; each pair of identifiers once. */
export function* neighbourhood(links: LinksIndex, start: readonly number[], hops: number): Generator<Step> {
  const hopOf = new Map(start.map((node) => [node, 0]));
  let edge = [...start];
  for (let hop = 1; hop <= hops && edge.length > 0; hop++) {
    const next: number[] = [];
    for (const from of edge) {
      for (const link of links.linksOf(from)) {
        const known = hopOf.get(link.to);
        // A pair is told once: back to an earlier hop it was, within the edge from its lower end.
        if (known !== undefined && (known < hop - 1 || (known === hop - 1 && link.to < from))) continue;
        yield { link, from, hop };
        if (known !== undefined || link.basis !== 'metadata') continue;
        hopOf.set(link.to, hop);
        next.push(link.to);
      }
    }
    edge = next;
  }
}

function isOf(type: string, wanted: string): boolean {
  return type === wanted || classOfIdentifier(type) === wanted;
}

function lineOf(links: LinksIndex, { link, from, hop }: Step, cite: number): LinkLine {
  const to = links.node(link.to);
  return {
    hop,
    from: links.node(from),
    to: { ...to, class: classOfIdentifier(to.type) },
    basis: link.basis,
    count: link.count,
    firstSeen: timeText(link.first),
    lastSeen: timeText(link.last),
    items: links.itemsOf(link.groups, cite),
    conflicts: link.basis === 'metadata' ? conflictsOf(links, from, link.to) : [],
  };
}

function timeText(ms: number): string | null {
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
