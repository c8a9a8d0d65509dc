import { type CborValue, hexEncode } from '@custody/bytes';
import type { Instant, Item, Locator } from '@custody/evidence';
import type { OpenedLeaf } from '@custody/segment';
import type { CaseDerivation } from './case-state.ts';
import type { DecisionJson } from './decisions-json.ts';

export interface InstantJson {
  readonly utc: string | null;
  readonly raw: string;
  readonly zone: string | null;
  readonly precision: string;
  readonly clock: string;
  readonly ambiguous?: boolean;
  /** Where UTC cannot be told: the time lies in `[from, to)`, whatever zone or order of day and month was meant. */
  readonly within?: { readonly from: string; readonly to: string };
}

/** One line of `custody items --json`: the contract, changed only by addition. */
export interface ItemJson {
  readonly index: number;
  readonly leaf: string;
  readonly capture: string;
  readonly derivation: number;
  readonly locator: Locator;
  readonly sources?: readonly Locator[];
  readonly kind: string;
  readonly platform: string;
  readonly messageId: string | null;
  readonly conversation: string | null;
  readonly sender: Item['sender'];
  readonly recipients: Item['recipients'];
  readonly owner: Item['owner'];
  readonly direction: Item['direction'];
  readonly sentAt: InstantJson | null;
  readonly times?: Readonly<Record<string, InstantJson>>;
  readonly until?: InstantJson;
  readonly body: string | null;
  readonly refs: Item['refs'];
  readonly attachments: Item['attachments'];
  readonly authentication: Item['authentication'];
  readonly decoder: string;
  readonly disposition: string;
  readonly rule: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Later decisions, the oldest first; absent where none was taken. */
  readonly decisions?: readonly DecisionJson[];
  /** The last word on privilege; absent where none was said. */
  readonly privilege?: string;
  /** Present where the store could not be written, so that this look was not recorded. */
  readonly logged?: false;
}

export interface FindingJson {
  readonly index: number;
  readonly leaf: string;
  readonly capture: string;
  readonly derivation: number;
  readonly locator: Locator | null;
  readonly items?: readonly Locator[];
  readonly code: string;
  readonly class: string;
  readonly records: number | 'unknown';
  readonly detail: string;
  readonly logged?: false;
}

const lossy = new TextDecoder();

export function itemJson(leaf: OpenedLeaf & { kind: 'item' }, derivation: CaseDerivation): ItemJson {
  const { item } = leaf;
  const times = [...(item.times ?? [])].map(([name, instant]) => [name, instantJson(instant)] as const);
  const until = times.find(([name]) => name === 'until')?.[1];
  const others = times.filter(([name]) => name !== 'until');
  return {
    index: leaf.index,
    leaf: hexEncode(leaf.link),
    capture: derivation.capture,
    derivation: derivation.entry,
    locator: item.locator,
    ...(item.sources.length > 0 && { sources: item.sources }),
    kind: item.kind,
    platform: item.platform,
    messageId: item.messageId,
    conversation: item.conversation,
    sender: item.sender,
    recipients: item.recipients,
    owner: item.owner,
    direction: item.direction,
    sentAt: item.sentAt === null ? null : instantJson(item.sentAt),
    ...(others.length > 0 && { times: Object.fromEntries(others) }),
    ...(until !== undefined && { until }),
    body: item.body === null ? null : lossy.decode(item.body),
    refs: item.refs,
    attachments: item.attachments,
    authentication: item.authentication,
    decoder: derivation.decoder,
    disposition: leaf.disposition,
    rule: leaf.rule,
    fields: Object.fromEntries([...(item.fields ?? [])].map(([name, value]) => [name, plain(value)])),
  };
}

export function findingJson(leaf: OpenedLeaf & { kind: 'finding' }, derivation: CaseDerivation): FindingJson {
  const { finding } = leaf;
  return {
    index: leaf.index,
    leaf: hexEncode(leaf.link),
    capture: derivation.capture,
    derivation: derivation.entry,
    locator: finding.locator,
    ...(finding.related.length > 0 && { items: finding.related }),
    code: finding.code,
    class: finding.class,
    records: finding.records ?? 'unknown',
    detail: finding.detail,
  };
}

/** UTC with milliseconds; the raw text keeps whatever the source had. */
export function instantJson(instant: Instant): InstantJson {
  const { utc, raw, zone, precision, clock, within } = instant;
  const [from, to] = within === undefined ? [null, null] : within.map(utcText);
  return {
    utc: utc === null ? null : utcText(utc),
    raw,
    zone,
    precision,
    clock,
    ...(instant.ambiguous === true && { ambiguous: true }),
    ...(from && to && { within: { from, to } }),
  };
}

function utcText(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}

/** CBOR values as JSON: bytes as hex, large integers as text, maps as objects. */
function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return hexEncode(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]));
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(plain);
  return value;
}
