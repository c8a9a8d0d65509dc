import { type HopName, hopNames, JobQueue, type QueuePlace } from './queue.ts';

/** The queue of every hop at one place. */
export class Queues {
  readonly all: ReadonlyMap<HopName, JobQueue<unknown>>;

  private constructor(all: ReadonlyMap<HopName, JobQueue<unknown>>) {
    this.all = all;
  }

  static async open(place: QueuePlace): Promise<Queues> {
    const opened = new Map<HopName, JobQueue<unknown>>();
    try {
      for (const hop of hopNames) opened.set(hop, await JobQueue.open(hop, place));
      return new Queues(opened);
    } catch (error) {
      for (const queue of opened.values()) await queue.close();
      throw error;
    }
  }

  of(hop: HopName): JobQueue<unknown> {
    return this.all.get(hop) as JobQueue<unknown>;
  }

  async close(): Promise<void> {
    for (const queue of this.all.values()) await queue.close();
  }
}

/** Opens the queues for the time of some work. */
export async function withQueues<T>(place: QueuePlace, work: (queues: Queues) => Promise<T>): Promise<T> {
  const queues = await Queues.open(place);
  try {
    return await work(queues);
  } finally {
    await queues.close();
  }
}
