import type { CaptureFile } from '../format.ts';
import { LineSplitter } from '../formats/envelope/splitter.ts';
import type { Container } from '../profile/profile.ts';
import type { ContainerReport } from './container-report.ts';
import { MisreadText } from './misread-text.ts';
import type { RecordStore } from './record-store.ts';
import { textForm } from './text-encoding.ts';
import { walkText } from './text-records.ts';

/** Lines whose fields stand at fixed places, counted in characters. */
export function readFixedLines(
  file: CaptureFile,
  { columns, encoding, skip = 0 }: Extract<Container, { kind: 'fixed' }>,
  store: RecordStore,
): ContainerReport {
  const form = textForm(file.source, encoding);
  const misread = new MisreadText();
  const width = Math.max(...columns.map(({ from }) => from));
  const lost = walkText(file.source, form, {
    splitter: new LineSplitter(),
    onRecord: ({ text, bytes, place }) => {
      if (place.row <= skip) return;
      if (text === null) {
        store.problem(`bytes that are not ${form.encoding}`, place);
        return;
      }
      misread.look(text, place.row);
      const characters = [...text];
      if (characters.length <= width) {
        store.problem(`${characters.length} characters where the last column begins at ${width}`, place);
        return;
      }
      const fields = columns.map(({ name, from, to }) => [name, characters.slice(from, to).join('').trimEnd()]);
      store.add(Buffer.from(JSON.stringify(Object.fromEntries(fields))), place, bytes);
    },
  });
  return { columns: columns.map(({ name }) => name), lost, findings: misread.findings(file.name) };
}
