import type { Task, TaskResult } from './run-task.ts';
import { doTask } from './tasks.ts';

/** Entry of a process that does one task and prints its result as JSON. */
const task = JSON.parse(process.argv[2] ?? '') as Task;
const started = performance.now();
const before = process.cpuUsage();
const { count, spent, ledger, lookups, measured } = await doTask(task);
const { user, system } = process.cpuUsage(before);
const result: TaskResult = {
  wall: measured?.wall ?? (performance.now() - started) / 1000,
  cpu: measured?.cpu ?? (user + system) / 1e6,
  peakMiB: process.resourceUsage().maxRSS / 1024,
  count,
  ...(spent !== undefined && { spent }),
  ...(ledger !== undefined && { ledger }),
  ...(lookups !== undefined && { lookups }),
};
process.stdout.write(JSON.stringify(result));
