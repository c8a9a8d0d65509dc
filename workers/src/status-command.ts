import { setTimeout as sleep } from 'node:timers/promises';
import { openCase } from '@custody/case';
import { hopNames, type QueuePlace } from './queue.ts';
import { withQueues } from './queues.ts';
import { type Snapshot, type StageLine, Watch } from './snapshot.ts';

const LOOK_MS = 1_000;

/** Jobs of each hop, for scripts: that it answers at all says that Redis does. */
export async function queueStatus(place: QueuePlace): Promise<Record<string, unknown>> {
  return withQueues(place, async (queues) => {
    const all = hopNames.map(async (hop) => [hop, await queues.of(hop).counts()] as const);
    return Object.fromEntries(await Promise.all(all));
  });
}

/** Prints how a case stands once a second until nothing is left to do; once where not to be watched. */
export async function watchCommand(
  place: QueuePlace,
  { case: location, watch, json }: { readonly case: string; readonly watch: boolean; readonly json: boolean },
): Promise<void> {
  const opened = await openCase(location);
  await withQueues(place, async (queues) => {
    const watching = new Watch(opened, queues);
    for (;;) {
      const snapshot = await watching.look();
      print(snapshot, json);
      if (!watch || (snapshot.complete && snapshot.stages.every(isIdle))) return;
      await sleep(LOOK_MS);
    }
  });
}

function isIdle({ waiting, active, again }: StageLine): boolean {
  return waiting + active + again === 0;
}

function print(snapshot: Snapshot, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(snapshot)}\n`);
  // On a terminal each look replaces the one before.
  const clear = process.stdout.isTTY === true ? '\u001b[H\u001b[J' : '';
  process.stdout.write(`${clear}${textOf(snapshot)}\n`);
}

function textOf(snapshot: Snapshot): string {
  return [`${snapshot.at}  ${snapshot.case}  ${headOf(snapshot)}`, ...snapshot.stages.map(stageText)].join('\n');
}

function headOf({ derivations, stages }: Snapshot): string {
  const open = derivations.filter(({ complete }) => !complete).length;
  const aside = stages.reduce((sum, line) => sum + line['set-aside'], 0);
  const rest = stages.every(isIdle) ? 'nothing left to do' : 'all is committed, jobs are left';
  const why = aside === 0 ? '' : `, ${aside} job(s) set aside: "custody jobs" says why`;
  return `${open === 0 ? rest : `${open} derivation(s) unfinished`}${why}`;
}

/** A line: records done where they are counted, else jobs (Redis remembers the last thousand). */
function stageText(line: StageLine): string {
  const { stage, waiting, active, again, records, total, rate, secondsLeft, slowest, workers } = line;
  return [
    stage.padEnd(7),
    records === null ? `${line.done} job(s) done` : `${records} of ${total} records`,
    ...(rate === null ? [] : [`${rate}/s, ${secondsLeft ?? '?'} s left`]),
    `${waiting} waiting, ${active} active, ${again} to be tried again, ${line['set-aside']} set aside`,
    ...(slowest === null ? [] : [`slowest: ${jobText(slowest)}, ${slowest.seconds} s`]),
    ...(workers === null ? [] : [`${workers} worker(s)`]),
  ].join('  ');
}

const PLACES = ['derivation', 'stretch', 'from', 'to', 'level', 'number'] as const;

/** Where in the case a job is, by the numbers it names; anything else that stands in Redis is not shown. */
function jobText({ id, data }: NonNullable<StageLine['slowest']>): string {
  const found = (data ?? {}) as Readonly<Record<string, unknown>>;
  const places = PLACES.filter((key) => Number.isSafeInteger(found[key])).map((key) => `${key} ${found[key]}`);
  return [...places, `job ${id.slice(0, 8)}`].join(' ');
}
