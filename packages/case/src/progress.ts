/** Where long work reports to. The wiring above decides what a person sees. */
export interface Progress {
  stage(name: string, total: number, unit: 'bytes' | 'records' | 'segments' | 'objects'): ProgressStage;
}

export interface ProgressStage {
  at(done: number): void;
}
