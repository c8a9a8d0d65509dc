import { createCase, loadOrCreatePerson } from '@custody/case';
import { Command } from 'commander';
import { Output } from '../output.ts';
import { caseCommand } from '../with-case.ts';

interface Flags {
  readonly case: string;
  readonly title?: string;
  readonly origin?: string;
  readonly recipient: readonly string[];
  readonly json?: boolean;
}

export function initCommand(): Command {
  return caseCommand(new Command('init'))
    .description('make a new case and print its verifier key')
    .option('--title <text>', 'title of the case')
    .option('--origin <name>', "the log's name, domain/id")
    .option(
      '--recipient <role=age>',
      'holder of a compartment (source, evidence, withheld, privileged, log); repeatable',
      collect,
      [],
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const person = await loadOrCreatePerson();
  const opened = await createCase(flags.case, {
    person,
    ...(flags.title !== undefined && { title: flags.title }),
    ...(flags.origin !== undefined && { origin: flags.origin }),
    recipients: flags.recipient.map((text) => {
      const at = text.indexOf('=');
      return { compartment: text.slice(0, at), recipient: text.slice(at + 1) };
    }),
  });
  const holders = new Set(Object.values(opened.state.keys ?? {}).flatMap((key) => key.holders));
  const result = {
    case: opened.vault.location,
    origin: opened.ledger.origin,
    verifierKey: opened.verifierKeyText,
    identity: person.path,
    compartments: opened.state.keys,
    oneHolderForAll: holders.size === 1,
    checkpoint: opened.checkpointJson(),
  };
  await new Output(flags.json === true).line(result, () =>
    [
      `case          ${result.case}`,
      `verifier key  ${result.verifierKey}`,
      `identity      ${result.identity} (keep it secret; it opens the case)`,
      result.oneHolderForAll
        ? 'compartments  one holder for all five: recorded. --recipient ROLE=AGE names others'
        : 'compartments  held separately',
      'Give the verifier key to whoever will verify exhibits, by another way than the exhibits.',
    ].join('\n'),
  );
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
