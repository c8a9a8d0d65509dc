import type { ScratchHandle } from '../../scratch.ts';
import type { ChatOptions, FoundFile } from './chat-writer.ts';

/** What `prepare` leaves for the units. */
export interface ChatPlan extends Omit<ChatOptions, 'file'> {
  /** The text out of a ZIP; null: the capture itself. */
  readonly handle: ScratchHandle | null;
  readonly form: string | null;
  /** Files of the ZIP by name. */
  readonly files: ReadonlyMap<string, FoundFile>;
}

export interface ChatUnit {
  readonly from: number;
  readonly until: number;
  /** Records before this unit. */
  readonly before: number;
}
