/** A server that runs for the tests only. */
export interface Service {
  /** Where it listens, credentials included. */
  readonly url: string;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}
