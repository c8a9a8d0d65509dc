import type { Finding } from '@custody/evidence';
import { ContainerFailure } from '../../containers/container-failure.ts';
import type { ContainerReport } from '../../containers/container-report.ts';
import { readContainer, type StoredContainer } from '../../containers/read-container.ts';
import { RecordStore, type StoredBlock } from '../../containers/record-store.ts';
import type { CaptureFile, DecodeContext, Plan, Unit } from '../../format.ts';
import type { Profile } from '../../profile/profile.ts';
import { profileHash } from '../../profile/profile-hash.ts';
import { type DumpState, keysOf } from './dump.ts';
import type { UnitState } from './plan-units.ts';
import { missingColumns } from './shape.ts';

/** Reads a container into scratch and plans its units. Text says why the file is no such container. */
export async function planStored(
  file: CaptureFile,
  { profile, container }: { profile: Profile; container: StoredContainer },
  { keyring, scratch, progress }: DecodeContext,
): Promise<Plan | string> {
  const out = scratch.create();
  const store = new RecordStore(out, file.name);
  let report: ContainerReport;
  try {
    report = await readContainer(file, container, { store, scratch });
  } catch (error) {
    out.discard();
    if (error instanceof ContainerFailure) return error.message;
    throw error;
  }
  store.flush();
  progress?.(file.source.length, file.source.length);
  const keys = keysOf(keyring, profile);
  const handle = out.finish();
  const records = store.blocks.reduce((sum, { count }) => sum + count, 0);
  const state: DumpState = { path: file.name, profile, columns: report.columns, offset: 0, row: 1, store: handle };
  return {
    units: [
      ...store.blocks.map(unitOf),
      ...report.lost.map((lost, i) => lostUnit(lost, store.blocks.length + i, records + 1)),
    ],
    state,
    findings: [...keys.findings, ...report.findings, ...absentColumns(file, profile, report.columns)],
    keyIds: keys.ids,
    profile: profileHash(profile),
  };
}

function unitOf(stored: StoredBlock, index: number): Unit {
  const state: UnitState = { kind: 'records', offset: 0, length: 0, row: stored.firstRow, stored };
  return { index, records: stored.count, state };
}

function lostUnit({ offset, length, detail }: ContainerReport['lost'][0], index: number, row: number): Unit {
  const state: UnitState = { kind: 'lost-track', offset, length, row, detail };
  return { index, records: null, state };
}

/** Columns that the profile reads and the table does not have. */
function absentColumns(file: CaptureFile, profile: Profile, columns: readonly string[]): Finding[] {
  const missing = columns.length === 0 ? [] : missingColumns(profile, columns);
  if (missing.length === 0) return [];
  return [
    {
      code: 'REFERENCED_BUT_ABSENT',
      class: 'note',
      records: null,
      locator: { path: file.name, offset: null, length: null, row: null },
      related: [],
      detail: `the profile reads columns that the table does not have: ${missing.slice(0, 20).join(', ')}`,
    },
  ];
}
