import { utf8DecodeLossy } from '@custody/bytes';

import type { ByteSource } from '../../byte-source.ts';
import { fileDigest } from '../../file-digest.ts';
import type { CaptureFile, Claim, Counts, Format, Plan, Probe, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { ByteCursor } from './byte-cursor.ts';
import type { ChatHead, ExportPlan, ExportUnit } from './export-plan.ts';
import { closingFindings, type ExportTally, joinTallies, noTally } from './export-tally.ts';
import { offsetOf } from './instants.ts';
import { isObject } from './json-object.ts';
import { arrayElements, parsed } from './json-structure.ts';
import { writeAccount, writeEntry } from './list-writers.ts';
import { namedFiles } from './message-media.ts';
import { type FoundFile, PLAIN_JSON, type WriteContext, writeMessage } from './message-writer.ts';
import { surveyExport } from './survey-export.ts';

const CHAT_TYPES = /"type":\s*"(personal_chat|bot_chat|saved_messages|(private|public)_(group|supergroup|channel))"/;

/** What Telegram Desktop writes when somebody exports a chat or the whole account as JSON. */
export const telegramExport: Format = {
  name: 'telegram-export',
  title: 'Telegram Desktop, exported data (result.json)',
  version: '3',
  versions: 'one chat or the whole account; text as string, list or entities; with and without times in Unix seconds',
  keyMaterial: 'none',
  authentication: PLAIN_JSON.proves,
  notCovered:
    'profile pictures, stories and other data of the account (counted); what exports leave out: secret chats, deleted messages, earlier texts of edited ones',
  portable: true,
  detect,
  prepare: async (file, context): Promise<Plan> => {
    const plan = prepare(file, context.progress);
    return { ...plan, covers: coversOf(file, plan.units) };
  },
  open: (plan, file) => openUnits(plan.state as ExportPlan, file),
  combine: (_plan, earlier, later) => joinTallies(earlier as ExportTally, later as ExportTally),
  finish: (_plan, summaries) => ({ findings: closingFindings(summaries as readonly ExportTally[]) }),
};

function detect({ head }: Probe): Claim | null {
  const text = utf8DecodeLossy(head.subarray(0, 16 * 1024));
  if (!/^\ufeff?\s*\{/.test(text)) return null;
  if (CHAT_TYPES.test(text) && /"messages":\s*\[/.test(text)) {
    return {
      confidence: 'certain',
      grounds: 'JSON of a chat with a type and messages as Telegram Desktop writes them',
    };
  }
  if (!/"about":\s*"/.test(text) || !/"(personal_information|chats|left_chats|frequent_contacts)":\s*\{/.test(text))
    return null;
  return { confidence: 'certain', grounds: 'JSON of an account with the sections that Telegram Desktop writes' };
}

function prepare({ source, name }: CaptureFile, progress?: (done: number, total: number) => void): Plan {
  const { plan, units, findings } = surveyExport(source, name, progress);
  const said = [...findings];
  if (units.length === 0 && findings.length === 0) {
    said.push(finding('FORMAT_UNKNOWN', name, { records: null, detail: 'The JSON holds no chat of an export.' }));
  }
  return { units, state: plan, findings: said, keyIds: [], profile: null };
}

/** Files of the capture that messages name: their hashes stand with the messages. */
function coversOf(file: CaptureFile, units: readonly Unit[]): string[] {
  const { folder, name, source } = file;
  if (folder === undefined) return [];
  const parent = name.slice(0, name.lastIndexOf('/') + 1);
  const covered = new Set<string>();
  for (const state of units.map((unit) => unit.state as ExportUnit).filter(({ what }) => what === 'messages')) {
    for (const { offset, length } of elementsOf(source, state)) {
      const value = parsed(source.read(offset, length));
      for (const { path } of isObject(value) ? namedFiles(value) : [])
        if (path !== null && folder.open(parent + path) !== null) covered.add(parent + path);
    }
  }
  return [...covered];
}

function openUnits(plan: ExportPlan, file: CaptureFile): UnitDecoder {
  const known = new Map<string, FoundFile | null>();
  const named = (path: string): FoundFile | null => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const beside = file.beside?.(path) ?? null;
    const read = beside === null ? null : fileDigest(beside);
    known.set(path, read);
    return read;
  };
  return {
    decode: (unit, out) => decodeUnit(unit, { out, plan, file: named }, file),
    close: () => {},
  };
}

function decodeUnit(unit: Unit, context: WriteContext, { source, name }: CaptureFile): UnitResult {
  const state = unit.state as ExportUnit;
  const tally = noTally();
  const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
  for (const { offset, length } of elementsOf(source, state)) {
    counts.records++;
    const locator = { path: name, offset, length, row: state.before + counts.records };
    const raw = source.read(offset, length);
    const value = parsed(raw);
    if (state.what === 'other') {
      counts.notCovered++;
      tally.uncovered.set(state.list, (tally.uncovered.get(state.list) ?? 0) + 1);
    } else if (!isObject(value)) {
      counts.lost++;
      const detail = `An entry of "${state.list}" is no JSON object that can be read; entries before and behind it are.`;
      context.out.finding(finding('RECORD_MALFORMED', locator, { records: 1, detail }));
    } else {
      counts.decoded++;
      if (state.what === 'account') writeAccount(context, value, { locator, raw });
      else if (state.what !== 'messages') writeEntry(context, value, state.what, { locator, raw });
      else {
        tally.absent += writeMessage(context, value, context.plan.chats[state.chat] as ChatHead, { locator, raw });
        const offset = offsetOf(value.date_unixtime, value.date);
        if (offset === null) tally.zoneless++;
        else tally.offsets.add(offset);
      }
    }
  }
  return { counts: counts satisfies Counts, summary: tally };
}

function* elementsOf(source: ByteSource, { what, from, until }: ExportUnit) {
  if (what === 'account') yield { offset: from, length: until - from };
  else yield* arrayElements(new ByteCursor(source, from), until);
}
