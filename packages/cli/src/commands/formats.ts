import { formatsTable, loadFormats } from '@custody/decode';
import { Command } from 'commander';
import { Output } from '../output.ts';

export function formatsCommand(): Command {
  return new Command('formats')
    .description('what this build decodes, with which keys, and what it does not cover')
    .option('--json', 'machine-readable output on stdout')
    .option('--markdown', 'the table of packages/decode/src/formats/README.md')
    .action(async (flags: { json?: boolean; markdown?: boolean }) => {
      const formats = await loadFormats();
      if (flags.markdown === true) {
        process.stdout.write(formatsTable(formats));
        return;
      }
      const out = new Output(flags.json === true);
      for (const { name, title, version, versions, keyMaterial, authentication, notCovered } of formats) {
        const line = { name, title, version, versions, keyMaterial, authentication, notCovered };
        await out.line(line, (one) =>
          [
            `${one.name}  ${one.title} (decoder ${one.version})`,
            `  versions: ${one.versions}`,
            `  keys: ${one.keyMaterial}`,
            `  authentication: ${one.authentication}`,
            `  not covered: ${one.notCovered}`,
          ].join('\n'),
        );
      }
    });
}
