import type { LinksIndex } from '@custody/search';
import type { ReportLine } from './report-line.ts';

const CITED = 20;

/** Identifiers of one type that stand beside many of another, the ones with most first. */
export function* manyBeside(
  links: LinksIndex,
  {
    report,
    type,
    beside,
    least,
  }: { readonly report: string; readonly type: string; readonly beside: string; readonly least: number },
): Generator<ReportLine> {
  const [from, to] = links.range(type);
  const counts = new Uint32Array(to - from);
  for (let node = from; node < to; node++) counts[node - from] = links.degree(node, beside);
  const order = Uint32Array.from({ length: to - from }, (_, i) => i)
    .filter((i) => (counts[i] as number) >= least)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  for (const i of order) {
    const node = from + i;
    const tied = links.linksOf(node).filter((link) => link.basis === 'metadata' && links.typeOf(link.to) === beside);
    const times = tied.flatMap(({ first, last }) => [first, last]).filter((ms) => !Number.isNaN(ms));
    yield {
      report,
      [type]: links.node(node).value,
      count: counts[i] as number,
      of: beside,
      values: tied
        .slice(0, CITED)
        .map((link) => ({ value: links.node(link.to).value, count: link.count, items: links.itemsOf(link.groups, 3) })),
      firstSeen: isoOf(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
      lastSeen: isoOf(times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
      items: links.itemsOf(
        tied.flatMap(({ groups }) => groups),
        CITED,
      ),
    };
  }
}

function isoOf(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
