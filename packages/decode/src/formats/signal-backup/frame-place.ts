/** A place in the file between two frames. */
export interface FramePlace {
  readonly offset: number;
  /** Frames and blobs before it, whether they could be read or not. */
  readonly counter: number;
}
