import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import type { ExchangeTables } from './exchange-tables.ts';
import type { ExportFolder } from './export-folder.ts';

/** One way to write items for another tool. */
export interface ExchangeFormat {
  readonly name: string;
  /** Standard and version, in one line. */
  readonly standard: string;
  /** Names of formats whose files these hold too, so that both are not written into one folder. */
  readonly contains?: readonly string[];
  /**
   * Writes the files and returns notes: what the standard has no place for. Items come in reading order: by conversation,
   * in it by time and LeafIndex, undated last (`conversationOf`).
   */
  write(items: AsyncIterable<ExchangeItem>, header: ExchangeHeader, folder: ExportFolder): Promise<readonly string[]>;
  /** Writes what stands beside the items, after them; formats that have no place for it lack this. Returns notes. */
  writeTables?(tables: ExchangeTables, folder: ExportFolder): Promise<readonly string[]>;
}
