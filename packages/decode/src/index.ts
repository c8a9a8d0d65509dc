export type { ByteSource } from './byte-source.ts';
export type {
  CaptureFile,
  Claim,
  Counts,
  DecodeContext,
  Format,
  Plan,
  Probe,
  Unit,
  UnitDecoder,
  UnitResult,
} from './format.ts';
export { type Keyring, MOST_CANDIDATES, type SuppliedKey } from './keyring.ts';
export type { Scratch, ScratchFile, ScratchHandle } from './scratch.ts';
