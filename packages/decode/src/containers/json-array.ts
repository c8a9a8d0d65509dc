import type { CaptureFile } from '../format.ts';
import { LONGEST_RECORD } from '../formats/envelope/splitter.ts';
import type { Container } from '../profile/profile.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport, LostStretch } from './container-report.ts';
import { JsonWalk } from './json-walk.ts';
import type { RecordStore } from './record-store.ts';

/** The elements of one array in a JSON text of any size. What stands in them is checked when they are decoded. */
export function readJsonArray(
  { source, name }: CaptureFile,
  { records = [] }: Extract<Container, { kind: 'json' }>,
  store: RecordStore,
): ContainerReport {
  const walk = new JsonWalk(source);
  for (const step of records) {
    if (!walk.enterMember(step))
      throw new ContainerFailure(`the JSON text of ${name} has no array at ${records.join('.')}`);
  }
  if (!walk.enterArray())
    throw new ContainerFailure(`there is no array of records at ${records.join('.') || 'the top'}`);
  const lost: LostStretch[] = [];
  for (let row = 1; ; row++) {
    const element = walk.element();
    if (element === 'end') break;
    if (element === 'broken') {
      const detail = 'the array is cut off or damaged here: where records begin and end cannot be told';
      lost.push({ offset: walk.at, length: source.length - walk.at, detail });
      break;
    }
    const { offset, length } = element;
    const place = { row, offset, length };
    if (length > LONGEST_RECORD) store.problem(`a record is longer than ${LONGEST_RECORD} bytes`, place);
    else store.add(source.read(offset, length), place, null);
  }
  return { columns: [], lost, findings: [] };
}
