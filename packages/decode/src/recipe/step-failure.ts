/**
 * Why a payload did not open. `failed`: a tag or MAC is wrong; `noise`: decrypted to what cannot be right, with no MAC
 * to tell why; `malformed`: its parts are not there or not of their length; `too-long`: beyond a limit.
 */
export type Refusal = 'failed' | 'noise' | 'key-missing' | 'unsupported' | 'malformed' | 'too-long';

/** Thrown inside the engine only, and caught by its runner: never reaches a caller. */
export class StepFailure extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

export function fail(refusal: Refusal, detail: string): never {
  throw new StepFailure(refusal, detail);
}
