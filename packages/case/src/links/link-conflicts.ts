import type { LinksIndex } from '@custody/search';

/** Pairs of types of which one value belongs to one of the other at a time. */
const ONE_TO_ONE: readonly (readonly [string, string])[] = [
  ['iccid', 'imsi'],
  ['iccid', 'phone'],
  ['imsi', 'phone'],
  ['sim-slot', 'iccid'],
];

const SHOWN = 10;

/** Other values that stand where there should be one, in words; empty where nothing disagrees. */
export function conflictsOf(links: LinksIndex, from: number, to: number): string[] {
  const [a, b] = [links.typeOf(from), links.typeOf(to)];
  if (!ONE_TO_ONE.some(([x, y]) => (x === a && y === b) || (x === b && y === a))) return [];
  return [...more(links, from, { to, type: b }), ...more(links, to, { to: from, type: a })];
}

function more(links: LinksIndex, of: number, { to, type }: { readonly to: number; readonly type: string }): string[] {
  if (links.degree(of, type) < 2) return [];
  const others = links
    .linksOf(of)
    .filter((link) => link.basis === 'metadata' && link.to !== to && links.typeOf(link.to) === type)
    .map((link) => `${links.node(link.to).value} (item ${links.itemsOf(link.groups, 3).join(', ')})`);
  const { type: ofType, value } = links.node(of);
  const list = others.slice(0, SHOWN).join('; ');
  return [
    `${ofType} ${value} also stands beside ${others.length} other ${type}: ${list}${others.length > SHOWN ? ' …' : ''}`,
  ];
}
