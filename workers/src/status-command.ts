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

function textOf({ at, case: location, derivations, stages }: Snapshot): string {
  const open = derivations.filter(({ complete }) => !complete).length;
  return [
    `${at}  ${location}  ${open === 0 ? 'nothing unfinished' : `${open} derivation(s) unfinished`}`,
    ...stages.map(stageText),
  ].join('\n');
}

function stageText(line: StageLine): string {
  const { stage, waiting, active, again, records, total, rate, secondsLeft, slowest, workers } = line;
  return [
    stage.padEnd(7),
    ...(records === null ? [] : [`${records} of ${total} records`]),
    ...(rate === null ? [] : [`${rate}/s, ${secondsLeft ?? '?'} s left`]),
    `${waiting} waiting, ${active} active, ${again} to be tried again, ${line['set-aside']} set aside`,
    ...(slowest === null ? [] : [`slowest ${slowest.id} ${slowest.seconds} s`]),
    ...(workers === null ? [] : [`${workers} worker(s)`]),
  ].join('  ');
}
