import type { LinksIndex } from '@custody/search';
import type { ReportLine } from './report-line.ts';

const CITED = 20;

/** What is in a handset and has a number: a number is a handset's through its card too. */
const CARDS = ['iccid', 'imsi'] as const;

/** Those of a type beside an identifier, and those that only a card ties to it. */
function beside(links: LinksIndex, node: number, type: string): { direct: Set<number>; through: Set<number> } {
  const direct = links.neighbours(node, type);
  const through = new Set<number>();
  for (const card of CARDS) {
    for (const one of links.neighbours(node, card)) {
      for (const other of links.neighbours(one, type)) if (other !== node && !direct.has(other)) through.add(other);
    }
  }
  return { direct, through };
}

/** Identifiers of one type that stand beside many of another, directly or through a card, the ones with most first. */
export function* manyBeside(
  links: LinksIndex,
  asked: { readonly report: string; readonly type: string; readonly beside: string; readonly least: number },
): Generator<ReportLine> {
  const [from, to] = links.range(asked.type);
  const counts = new Uint32Array(to - from);
  for (let node = from; node < to; node++) {
    const { direct, through } = beside(links, node, asked.beside);
    counts[node - from] = direct.size + through.size;
  }
  const order = Uint32Array.from({ length: to - from }, (_, i) => i)
    .filter((i) => (counts[i] as number) >= asked.least)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  for (const i of order) yield lineOf(links, from + i, asked);
}

function lineOf(
  links: LinksIndex,
  node: number,
  { report, type, beside: other }: { readonly report: string; readonly type: string; readonly beside: string },
): ReportLine {
  const { direct, through } = beside(links, node, other);
  const tied = links.linksOf(node).filter((link) => link.basis === 'metadata' && links.typeOf(link.to) === other);
  const cards = links.linksOf(node).filter((link) => link.basis === 'metadata' && isCard(links.typeOf(link.to)));
  const seen = [...tied, ...(through.size > 0 ? cards : [])];
  const times = seen.flatMap(({ first, last }) => [first, last]).filter((ms) => !Number.isNaN(ms));
  return {
    report,
    [type]: links.node(node).value,
    ...{ count: direct.size + through.size, of: other, direct: direct.size, throughCards: through.size },
    values: tied
      .slice(0, CITED)
      .map((link) => ({ value: links.node(link.to).value, count: link.count, items: links.itemsOf(link.groups, 3) })),
    ...(through.size > 0 && { valuesThroughCards: [...through].slice(0, CITED).map((one) => links.node(one).value) }),
    firstSeen: isoOf(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    lastSeen: isoOf(times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    items: links.itemsOf(
      seen.flatMap(({ groups }) => groups),
      CITED,
    ),
  };
}

function isCard(type: string): boolean {
  return CARDS.some((card) => card === type);
}

function isoOf(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
