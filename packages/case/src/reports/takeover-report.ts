import type { Party } from '@custody/evidence';
import { type LinksIndex, queryTiles } from '@custody/search';
import { canonicalIdentifier } from '../links/canonical-identifier.ts';
import type { Case } from '../open-case.ts';
import { indexGenerations, queriedTiles } from '../queried-tiles.ts';
import { SegmentCache, segmentsInForce } from '../selection.ts';
import type { ReportLine } from './report-line.ts';

/** Ours: one-time codes live for minutes; a code passed on later is shown only where asked. */
export const FORWARDED_WITHIN_MS: number = 60 * 60_000;

interface CodeMessage {
  readonly index: number;
  readonly code: string;
  readonly from: Party | null;
  readonly to: readonly Party[];
  readonly sent: number;
}

/**
 * One-time codes that whoever received them, or another number in the same device, sent on to somebody else than the
 * sender within the time given: the pattern of taken-over accounts. That the forwarding caused a takeover is not shown.
 */
export async function* takeoverReport(opened: Case, links: LinksIndex, withinMs: number): AsyncGenerator<ReportLine> {
  const byCode = new Map<string, CodeMessage[]>();
  for await (const message of codeMessages(opened)) {
    byCode.set(message.code, [...(byCode.get(message.code) ?? []), message]);
  }
  const lines: ReportLine[] = [];
  for (const messages of byCode.values()) {
    for (const received of messages) {
      for (const passed of messages) {
        const holder = holderOf(links, received, passed, withinMs);
        if (holder !== null) lines.push(lineOf(received, passed, holder));
      }
    }
  }
  yield* lines.sort((a, b) => (a.items[0] as number) - (b.items[0] as number));
}

/** The recipient who passed it on, and how he is known to be the sender of the second message. */
function holderOf(
  links: LinksIndex,
  received: CodeMessage,
  passed: CodeMessage,
  withinMs: number,
): { readonly number: string; readonly shown: string } | null {
  const delay = passed.sent - received.sent;
  if (
    passed === received ||
    passed.from === null ||
    !(delay >= 0 && delay <= withinMs) ||
    passed.index === received.index
  )
    return null;
  const onwards = passed.to.some((to) => received.from === null || keyOf(to) !== keyOf(received.from));
  if (!onwards) return null;
  for (const to of received.to) {
    if (keyOf(to) === keyOf(passed.from)) return { number: to.value, shown: 'the same number' };
    const device = commonDevice(links, to, passed.from);
    if (device !== null) return { number: to.value, shown: `another number of ${device}` };
  }
  return null;
}

/** A handset, box or slot that metadata ties to both. */
function commonDevice(links: LinksIndex, a: Party, b: Party): string | null {
  const [first, second] = [devicesOf(links, a), devicesOf(links, b)];
  for (const node of first) if (second.has(node)) return `${links.node(node).type} ${links.node(node).value}`;
  return null;
}

function devicesOf(links: LinksIndex, { type, value }: Party): Set<number> {
  const canonical = canonicalIdentifier(type, value);
  const node = links.find(canonical.type, canonical.value);
  if (node < 0) return new Set();
  const near = links.linksOf(node).filter(({ basis }) => basis === 'metadata');
  const cards = near.filter(({ to }) => links.typeOf(to) === 'iccid').flatMap(({ to }) => links.linksOf(to));
  const devices = [...near, ...cards].filter(({ to, basis }) => basis === 'metadata' && isDevice(links.typeOf(to)));
  return new Set(devices.map(({ to }) => to));
}

function isDevice(type: string): boolean {
  return type === 'imei' || type === 'sim-box';
}

async function* codeMessages(opened: Case): AsyncGenerator<CodeMessage> {
  const tiles = queriedTiles(opened.ledger, segmentsInForce(opened));
  const cache = new SegmentCache(opened, 32);
  const options = { generations: indexGenerations(opened.ledger) };
  for await (const hit of queryTiles(opened.vault, tiles, { type: 'code' }, opened.held.evidence?.all ?? [], options)) {
    const read = await cache.leaf(hit.leafIndex);
    if (read === null || read.leaf.kind !== 'item') continue;
    const { sender, recipients, sentAt } = read.leaf.item;
    const sent = sentAt?.utc ?? null;
    if (sent === null) continue;
    for (const code of new Set(hit.mentions.map(({ value }) => value))) {
      yield { index: hit.leafIndex, code, from: sender, to: recipients ?? [], sent };
    }
  }
}

function keyOf({ type, value }: Party): string {
  const canonical = canonicalIdentifier(type, value);
  return `${canonical.type}\n${canonical.value}`;
}

function lineOf(received: CodeMessage, passed: CodeMessage, holder: { number: string; shown: string }): ReportLine {
  return {
    report: 'takeovers',
    code: received.code,
    service: received.from?.value ?? null,
    number: holder.number,
    passedOnBy: passed.from?.value ?? null,
    shownBy: holder.shown,
    to: passed.to.map(({ value }) => value),
    receivedAt: new Date(received.sent).toISOString(),
    passedOnAt: new Date(passed.sent).toISOString(),
    delaySeconds: Math.round((passed.sent - received.sent) / 1000),
    items: [received.index, passed.index],
  };
}
