/** One thing that a verification found wrong. */
export interface Failure {
  /** The object concerned, or `log`. */
  readonly object: string;
  readonly code: string;
  readonly message: string;
}
