import { type Case, openCase, queryCase, searchHits } from '@custody/case';
import { type KnownDump, type LookupGroup, type Question, questionsOf } from './lookup-questions.ts';

/** Answers that a page shows; whoever wants more asks on. */
const PAGE = 100;
/** Questions put as `custody query` puts them: recorded first, hits opened. */
const RECORDED = 20;
const SHOWN = 20;
const SEED = 11;

/** Milliseconds of questions of one kind, by the clock. */
export interface LookupTimes {
  readonly group: LookupGroup | 'query';
  readonly kind: string;
  readonly asked: number;
  /** Answers given, in the middle, at most PAGE. */
  readonly answers: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

export interface LookupNumbers {
  readonly segments: number;
  /** Milliseconds until the case was open, and of the very first question, with nothing in memory. */
  readonly open: number;
  readonly first: number;
  readonly kinds: readonly LookupTimes[];
  /** All questions of a group together. */
  readonly groups: readonly LookupTimes[];
}

interface Asked extends Question {
  readonly ms: number;
  readonly answers: number;
}

/** Asks an opened case many seeded questions, one after another, and times each until its first page of answers. */
export async function measureLookups(location: string, dump: KnownDump, each: number): Promise<LookupNumbers> {
  const opening = performance.now();
  const opened = await openCase(location);
  const open = performance.now() - opening;
  const asked: Asked[] = [];
  for (const question of questionsOf(dump, { each, seed: SEED })) asked.push(await ask(opened, question));
  const kinds = [...Map.groupBy(asked, ({ kind }) => kind)];
  const groups = [...Map.groupBy(asked, ({ group }) => group)];
  return {
    segments: opened.ledger.segments.length,
    open,
    first: asked[0]?.ms ?? 0,
    kinds: [
      ...kinds.map(([kind, all]) => timesOf(kind, all)).sort((a, b) => a.group.localeCompare(b.group)),
      await recorded(opened, dump),
    ],
    groups: groups.map(([group, all]) => timesOf(group, all)),
  };
}

async function ask(opened: Case, question: Question): Promise<Asked> {
  const started = performance.now();
  let answers = 0;
  for await (const _ of searchHits(opened, question.query)) if (++answers === PAGE) break;
  return { ...question, ms: performance.now() - started, answers };
}

/** `custody query` in a case that stays open: the access committed to the log, then the hits read from their segments. */
async function recorded(opened: Case, dump: KnownDump): Promise<LookupTimes> {
  const questions = questionsOf(dump, { each: RECORDED, seed: SEED + 1 }).filter(({ group }) => group === 'entity');
  const asked: Asked[] = [];
  for (const question of questions.slice(0, RECORDED)) {
    const started = performance.now();
    let answers = 0;
    for await (const _ of queryCase(opened, question.query)) if (++answers === SHOWN) break;
    asked.push({ ...question, ms: performance.now() - started, answers });
  }
  return { ...timesOf(`an entity, recorded in the log, ${SHOWN} items read`, asked), group: 'query' };
}

function timesOf(kind: string, asked: readonly Asked[]): LookupTimes {
  const ms = asked.map((one) => one.ms).sort((a, b) => a - b);
  const answers = asked.map((one) => one.answers).sort((a, b) => a - b);
  const at = (all: readonly number[], part: number) =>
    all[Math.min(all.length - 1, Math.ceil(part * all.length) - 1)] ?? 0;
  return {
    group: asked[0]?.group ?? 'entity',
    kind,
    asked: asked.length,
    answers: at(answers, 0.5),
    p50: at(ms, 0.5),
    p95: at(ms, 0.95),
    most: ms.at(-1) ?? 0,
  };
}
