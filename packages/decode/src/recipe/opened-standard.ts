/** What a standard's envelope held, and whether its own tag or MAC was found right. */
export interface OpenedStandard {
  readonly text: Buffer;
  readonly authenticated: boolean;
}
