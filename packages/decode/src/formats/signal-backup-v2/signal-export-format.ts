import type { CaptureFile, Format, Plan } from '../../format.ts';
import { IN_CLEAR } from './authentications.ts';
import { closingFindings } from './closing-findings.ts';
import { beginsAsExport, jsonFrames } from './json-frames.ts';
import { NOBODY, type People } from './people.ts';
import { survey } from './survey.ts';
import { joinTally, type Tally } from './tally.ts';
import { FramesDecoder } from './unit-decoder.ts';

interface PlanState {
  readonly path: string;
  readonly people: People;
}

/** The archive in clear that the app makes for its user: `main.jsonl`, the frames of a backup as JSON. */
export const signalExport: Format = {
  name: 'signal-export',
  title: 'Signal export in clear (main.jsonl)',
  version: '1',
  versions: 'version 1 of the backup',
  keyMaterial: 'none',
  authentication: IN_CLEAR.proves,
  notCovered:
    'the folder of files beside it; credentials, which are withheld; fields and kinds that this build does not know are counted by name.',
  portable: true,
  detect: ({ head }) =>
    beginsAsExport(head)
      ? { confidence: 'certain', grounds: 'begins with the line of JSON that leads an export of Signal' }
      : null,
  async prepare({ name, source }: CaptureFile): Promise<Plan> {
    const found = survey({ source, path: name, reader: jsonFrames, owner: null, media: false });
    const base = { keyIds: [], profile: null };
    if ('code' in found) return { ...base, units: [], state: { path: name, people: NOBODY }, findings: [found] };
    const state: PlanState = { path: name, people: found.people };
    return { ...base, units: found.units, state, findings: found.findings };
  },
  open(plan, file) {
    const { path, people } = plan.state as PlanState;
    return new FramesDecoder({
      ...{ source: file.source, path, people, reader: jsonFrames },
      ...{ media: null, authentication: IN_CLEAR },
    });
  },
  combine: (_plan, earlier, later) => joinTally(earlier as Tally, later as Tally),
  finish: (plan, summaries) => ({
    findings: closingFindings((plan.state as PlanState).path, summaries as readonly Tally[]),
  }),
};
