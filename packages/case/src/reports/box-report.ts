import type { Item } from '@custody/evidence';
import { canonicalIdentifier } from '../links/canonical-identifier.ts';
import type { Case } from '../open-case.ts';
import { leavesInForce } from '../selection.ts';
import type { ReportLine } from './report-line.ts';

const CITED = 20;

interface Card {
  readonly box: string;
  readonly slot: string | null;
  readonly iccid: string | null;
  readonly operator: string | null;
  readonly country: string | null;
  readonly index: number;
}

/** Boxes with their slots, cards, operators and countries; the last line counts operators and countries over all boxes. */
export async function* boxReport(opened: Case, bySlot: boolean): AsyncGenerator<ReportLine> {
  const cards: Card[] = [];
  /** What other tables say of a card. */
  const issuers = new Map<string, { operator: string | null; country: string | null }>();
  for await (const { leaf } of leavesInForce(opened)) {
    if (leaf === null || leaf.kind !== 'item' || leaf.disposition !== 'in-scope') continue;
    const { item } = leaf;
    if (item.platform !== 'telecom' || item.kind !== 'device') continue;
    const card = cardOf(item, leaf.index);
    if (card.box !== '') cards.push(card);
    if (card.iccid === null || (card.operator === null && card.country === null)) continue;
    const known = issuers.get(card.iccid);
    issuers.set(card.iccid, { operator: known?.operator ?? card.operator, country: known?.country ?? card.country });
  }
  const byBox = new Map<string, Card[]>();
  for (const found of cards) {
    const issuer = found.iccid === null ? undefined : issuers.get(found.iccid);
    const card = {
      ...found,
      operator: found.operator ?? issuer?.operator ?? null,
      country: found.country ?? issuer?.country ?? null,
    };
    byBox.set(card.box, [...(byBox.get(card.box) ?? []), card]);
  }
  const boxes = [...byBox].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [box, list] of boxes) yield* bySlot ? slotLines(box, list) : [boxLine({ box }, list)];
  yield boxLine(
    { boxes: boxes.length },
    boxes.flatMap(([, list]) => list),
  );
}

function boxLine(named: object, list: readonly Card[]): ReportLine {
  const distinct = (values: readonly (string | null)[]) => new Set(values.filter((value) => value !== null)).size;
  return {
    report: 'boxes',
    ...named,
    slots: distinct(list.map(({ box, slot }) => (slot === null ? null : `${box}/${slot}`))),
    cards: distinct(list.map(({ iccid }) => iccid)),
    rows: list.length,
    operators: tally(list, ({ operator }) => operator),
    countries: tally(list, ({ country }) => country),
    items: list.slice(0, CITED).map(({ index }) => index),
  };
}

function* slotLines(box: string, list: readonly Card[]): Generator<ReportLine> {
  const slots = [...new Set(list.map(({ slot }) => slot ?? 'unknown'))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  for (const slot of slots) {
    const here = list.filter((card) => (card.slot ?? 'unknown') === slot);
    yield { ...boxLine({ box, slot }, here), iccids: [...new Set(here.map(({ iccid }) => iccid))] };
  }
}

/** Distinct cards by a property; `unknown` where no table says. */
function tally(list: readonly Card[], of: (card: Card) => string | null): Record<string, number> {
  const found = new Map<string, Set<string>>();
  for (const card of list) {
    const key = of(card) ?? 'unknown';
    const set = found.get(key) ?? new Set<string>();
    set.add(card.iccid ?? `row ${card.index}`);
    found.set(key, set);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, set]) => [key, set.size]));
}

function cardOf(item: Item, index: number): Card {
  const field = (name: string) => {
    const value = item.fields?.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const parties = [item.owner, ...(item.recipients ?? [])].filter((party) => party !== null);
  const iccid = parties.find(({ type }) => type === 'iccid');
  return {
    box: field('box') ?? '',
    slot: field('slot'),
    iccid: iccid === undefined ? null : canonicalIdentifier('iccid', iccid.value).value,
    operator: field('operator'),
    country: field('country'),
    index,
  };
}
