import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, Plan, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import type { ChatPlan, ChatUnit } from './chat-plan.ts';
import { chatRecords, formOf } from './chat-records.ts';
import { readChatText } from './chat-text.ts';
import { type FoundFile, splitSender } from './chat-writer.ts';
import { type DateOrder, DateOrderProof, dateOf } from './date-order.ts';
import { type Declared, readDeclared } from './declared.ts';

const RECORDS_A_UNIT = 4000;
const MOST_SENDERS = 1024;
const MOST_NAMED = 100_000;

export interface ChatSource {
  readonly handle: ScratchHandle | null;
  readonly path: string;
  readonly source: ByteSource;
  readonly files: ReadonlyMap<string, FoundFile>;
}

/** One pass over the whole text: the order of its dates, who writes, and units of about 4,000 messages. */
export function planChat(file: CaptureFile, { handle, path, source, files }: ChatSource): Plan {
  const declared = readDeclared(file);
  const read = readChat(source, declared.dateOrder);
  if (read.units.length === 0) {
    const detail = 'No line begins as a message of an exported chat does.';
    return {
      units: [],
      state: null,
      findings: [finding('FORMAT_UNKNOWN', path, { records: null, detail })],
      keyIds: [],
      profile: null,
    };
  }
  const orders = declared.dateOrder === null ? read.proof.possible : [declared.dateOrder];
  const owner = declared.owner !== null && read.senders.has(declared.owner) ? declared.owner : null;
  const others = [...read.senders].filter((sender) => sender !== owner);
  const state: ChatPlan = {
    ...{
      handle,
      path,
      form: read.form,
      files,
      conversation: conversationOf(file.name),
      orders,
      zone: declared.zone,
      owner,
    },
    peer: owner !== null && others.length === 1 ? (others[0] as string) : null,
  };
  const findings = [...aboutTime(read, declared, path), ...aboutOwner(declared, owner, path)];
  return { units: read.units, state, findings, keyIds: [], profile: null, covers: coversOf(file, read.named) };
}

/** Files that messages name, and what is declared: they are read with the text, and no other format is asked about them. */
function coversOf({ name, folder }: CaptureFile, named: ReadonlySet<string>): string[] {
  const slash = name.lastIndexOf('/') + 1;
  const parent = name.slice(0, slash);
  const declared = [`${name.slice(slash)}.export.json`, 'export.json'];
  return [...named, ...declared].map((one) => parent + one).filter((path) => folder?.open(path) != null);
}

interface ChatReading {
  readonly units: readonly Unit[];
  readonly proof: DateOrderProof;
  readonly form: string | null;
  readonly senders: ReadonlySet<string>;
  /** Files that messages name. */
  readonly named: ReadonlySet<string>;
  /** Lines that look like heads of another form. */
  readonly foreign: number;
  /** Heads whose word for morning or afternoon is not known. */
  readonly unclear: number;
  /** Heads that are no date in the declared order. */
  readonly against: number;
}

function readChat(source: ByteSource, declared: DateOrder | null): ChatReading {
  const proof = new DateOrderProof();
  const senders = new Set<string>();
  const named = new Set<string>();
  const units: Unit[] = [];
  let [form, foreign, unclear, against]: [string | null, number, number, number] = [null, 0, 0, 0];
  let [from, until, before, count] = [-1, 0, 0, 0];
  const close = (): void => {
    if (count === 0) return;
    const state: ChatUnit = { from, until, before };
    units.push({ index: units.length, records: count, state });
    [before, count, from] = [before + count, 0, -1];
  };
  for (const record of chatRecords(source, null)) {
    if (from < 0) from = record.offset;
    until = record.offset + record.length;
    count++;
    foreign += record.foreign;
    if (record.head !== null) {
      form ??= formOf(record.head);
      proof.take(record.head);
      if (record.head.minutes === null) unclear++;
      if (declared !== null && dateOf(record.head, declared) === null) against++;
      const [sender, text] = splitSender(record.text ?? '');
      const { file } = readChatText(text);
      if (file !== null && named.size < MOST_NAMED) named.add(file);
      if (sender !== null && senders.size < MOST_SENDERS) senders.add(sender);
    }
    if (count >= RECORDS_A_UNIT) close();
  }
  close();
  return { units: form === null ? [] : units, proof, form, senders, named, foreign, unclear, against };
}

function aboutTime(read: ChatReading, declared: Declared, path: string): Finding[] {
  const { proof, foreign, unclear, against } = read;
  const findings: Finding[] = [];
  const say = (detail: string, isDoubt: boolean): void => {
    findings.push(finding('TIME_ANOMALY', path, { records: 0, detail, class: isDoubt ? 'doubt' : 'note' }));
  };
  if (declared.dateOrder !== null) {
    say(
      `The order of dates is ${declared.dateOrder}, as declared beside the export; ${against} of ${proof.lines} lines are no date in it.`,
      against > 0,
    );
  } else if (proof.order !== null) {
    say(`The order of dates is ${proof.order}: ${proof.explain()}.`, false);
  } else if (proof.possible.length === 0) {
    say(
      `No order of day, month and year fits every line (${proof.explain()}): times stay text, without an instant.`,
      true,
    );
  } else {
    say(
      `Dates could be ${proof.possible.join(' or ')}: no line decides, so times stay text with bounds, without an instant.`,
      true,
    );
  }
  if (declared.zone === null) {
    say(
      'The export does not say its time zone: times are of the clock of the phone that exported: bounds, but no instant.',
      false,
    );
  }
  if (unclear > 0)
    say(`${unclear} times have a word for morning or afternoon that this build does not know: they stay text.`, true);
  if (foreign > 0) {
    const detail = `${foreign} lines look like the beginning of a message in another form than the file's own: they are taken as text.`;
    findings.push(finding('FIELD_COERCED', path, { records: 0, detail }));
  }
  return findings;
}

function aboutOwner({ owner, mistakes }: Declared, found: string | null, path: string): Finding[] {
  const findings: Finding[] = [];
  if (mistakes.length > 0) {
    const detail = `export.json is not used: ${mistakes.join('; ')}.`;
    findings.push(finding('FIELD_COERCED', path, { records: 0, detail }));
  }
  if (owner !== null && found === null) {
    const detail = 'Nobody writes under the name that export.json declares as the owner: directions stay unknown.';
    findings.push(finding('DIRECTION_CONFLICT', path, { records: 0, detail }));
  }
  return findings;
}

/** The export itself has no name for the conversation; the file has one, or the folder around `_chat.txt`. */
function conversationOf(name: string): string {
  const parts = name.split('/');
  const base = (parts.at(-1) ?? name).replace(/\.(txt|zip)$/i, '');
  return base === '_chat' ? (parts.at(-2) ?? base).replace(/\.zip!zip$/i, '') : base;
}
