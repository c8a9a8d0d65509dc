import { readFileSync } from 'node:fs';
import { type PageFrame, pageFrame } from './page/page-frame.ts';
import { PAGE_SCRIPT } from './page/page-script.ts';

/** The page of this build around any document. */
export const OWN_FRAME: PageFrame = pageFrame(PAGE_SCRIPT);

/** The verifier for those who have Python and nothing else, as every exhibit of this build carries it. */
export function verifierProgram(): Uint8Array {
  return new Uint8Array(readFileSync(new URL('./verify.py', import.meta.url)));
}
