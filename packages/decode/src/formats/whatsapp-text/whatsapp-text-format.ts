import { utf8DecodeLossy } from '@custody/bytes';
import type { BatchWriter, Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { fileDigest } from '../../file-digest.ts';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { ChatPlan, ChatUnit } from './chat-plan.ts';
import { chatRecords, formOf } from './chat-records.ts';
import { type ChatOptions, ChatWriter, type FoundFile, PLAIN_TEXT } from './chat-writer.ts';
import { lineHead } from './line-head.ts';
import { type ChatSource, planChat } from './plan-chat.ts';
import { unzipChat } from './unzip-chat.ts';
import { textOfHead, toUtf8, utf16Of } from './utf16-text.ts';

/** A chat that somebody exported from the app as text. */
export const whatsappText: Format = {
  name: 'whatsapp-text',
  title: 'WhatsApp, exported chat (.txt, or the .zip with its media)',
  version: '3',
  versions:
    'iPhone and Android forms; dates of three numbers in any order and script; UTF-8, or UTF-16 as saved by other programs',
  keyMaterial: 'none; owner, zone and order of dates may be declared in export.json beside it',
  authentication: PLAIN_TEXT.proves,
  notCovered:
    'what the app leaves out of exports: ids, receipts, reactions, quotes, the time zone; direction unless the owner is declared',
  detect,
  prepare,
  open,
  combine: (_plan, earlier, later) => (earlier as number) + (later as number),
  finish: (_plan, summaries) => ({ findings: absentFiles(summaries as readonly number[]) }),
};

function detect({ head, name }: Probe): Claim | null {
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) {
    const isChat = /_chat\.txt|WhatsApp[^/]{1,200}\.txt/.test(utf8DecodeLossy(head));
    return isChat ? { confidence: 'likely', grounds: 'a ZIP whose members bear the names of an exported chat' } : null;
  }
  const encoding = utf16Of(head);
  const lines = (encoding === null ? utf8DecodeLossy(head) : textOfHead(head, encoding))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const begin = lineHead(first);
  if (begin === null || (encoding === null && head.includes(0))) return null;
  const form = formOf(begin);
  const alike = lines.slice(0, 200).map(lineHead);
  const heads = alike.filter((one) => one !== null && formOf(one) === form).length;
  // Logs of programs put a date in brackets as well, without the comma or word of the day that phones write.
  const isPhones = begin.shape === 'dash' || /[,،\p{L}]/u.test(begin.raw);
  if ((heads < 2 || !isPhones) && !/whatsapp|_chat\.txt$/i.test(name)) return null;
  return { confidence: 'likely', grounds: `${heads} of its first lines begin as messages of an exported chat do` };
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const isZip = utf8DecodeLossy(file.source.read(0, 4)) === 'PK\u0003\u0004';
  if (!isZip) {
    const text = { handle: null, path: file.name, source: file.source, files: new Map() };
    return planText(file, text, context, []);
  }
  const unzipped = await unzipChat(file, context.scratch);
  if ('code' in unzipped) return { units: [], state: null, findings: [unzipped], keyIds: [], profile: null };
  const { findings, ...text } = unzipped;
  return planText(file, { ...text, source: context.scratch.open(text.handle) }, context, findings);
}

/** Text in UTF-16 is turned into UTF-8 first: places are in that. */
function planText(file: CaptureFile, text: ChatSource, { scratch }: DecodeContext, before: readonly Finding[]): Plan {
  const encoding = utf16Of(text.source.read(0, 64));
  if (encoding === null) {
    const plan = planChat(file, text);
    return { ...plan, findings: [...before, ...plan.findings] };
  }
  const { handle, replaced } = toUtf8(text.source, encoding, scratch);
  const path = `${text.path}!${encoding}`;
  const plan = planChat(file, { ...text, handle, path, source: scratch.open(handle) });
  const lost =
    replaced === 0 ? '' : ` ${replaced} code unit(s) are no text, or were U+FFFD already, and show as U+FFFD.`;
  const detail = `The text is ${encoding.toUpperCase()}; phones write UTF-8, so another program saved it. Places are in its UTF-8 form.${lost}`;
  const about = finding('FIELD_COERCED', path, { records: 0, detail, class: replaced === 0 ? 'note' : 'doubt' });
  return { ...plan, findings: [...before, about, ...plan.findings] };
}

function open(plan: Pick<Plan, 'state'>, file: CaptureFile, context: DecodeContext): UnitDecoder {
  const state = plan.state as ChatPlan;
  const source = state.handle === null ? file.source : context.scratch.open(state.handle);
  const known = new Map<string, FoundFile | null>(state.files);
  const named = (name: string): FoundFile | null => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const beside = file.beside?.(name) ?? null;
    const read = beside === null ? null : fileDigest(beside);
    known.set(name, read);
    return read;
  };
  return { decode: (unit, out) => decodeUnit(unit, out, { source, state, named }), close: () => {} };
}

function decodeUnit(
  unit: Unit,
  out: BatchWriter,
  chat: { readonly source: ByteSource; readonly state: ChatPlan; readonly named: ChatOptions['file'] },
) {
  const { source, state } = chat;
  const { from, until, before } = unit.state as ChatUnit;
  const writer = new ChatWriter({ ...state, file: chat.named });
  const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
  for (const record of chatRecords(source, state.form, [from, until])) {
    counts.records++;
    if (record.text === null) {
      counts.lost++;
      const place = { path: state.path, offset: record.offset, length: record.length, row: before + record.number };
      const detail = 'More text stands between two heads than a message of the app can have: it is not read.';
      out.finding(finding('RECORD_MALFORMED', place, { records: 1, detail }));
      continue;
    }
    writer.write(out, record, source.read(record.offset, record.length), before + record.number);
    counts.decoded++;
  }
  return { counts, summary: writer.absent };
}

function absentFiles(summaries: readonly number[]): Finding[] {
  const absent = summaries.reduce((sum, n) => sum + n, 0);
  if (absent === 0) return [];
  const detail = `${absent} file(s) that messages name, or say were left out, are not in the capture.`;
  return [finding('REFERENCED_BUT_ABSENT', 'media', { records: absent, detail })];
}
