import type { Finding } from '@custody/evidence';

/** A stretch of which nothing can be told, not even how many records it holds. */
export interface LostStretch {
  readonly offset: number;
  readonly length: number;
  readonly detail: string;
}

/** What reading a container came to, besides the records in the store. */
export interface ContainerReport {
  /** Names of the columns, where the container is a table. */
  readonly columns: readonly string[];
  readonly lost: readonly LostStretch[];
  /** Findings about the file as a whole. */
  readonly findings: readonly Finding[];
}
