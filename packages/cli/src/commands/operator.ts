import { loadOrCreatePerson, type PersonDetails } from '@custody/case';
import { Command } from 'commander';
import { Output } from '../output.ts';

interface Flags extends PersonDetails {
  readonly json?: boolean;
}

export function operatorCommand(): Command {
  return new Command('operator')
    .description('show who acts; makes an identity where there is none')
    .option('--name <name>', 'name for a new identity')
    .option('--role <role>', 'role for a new identity')
    .option('--organisation <name>', 'organisation for a new identity')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run({ json, ...details }: Flags): Promise<void> {
  const person = await loadOrCreatePerson(details);
  const result = {
    name: person.name,
    role: person.role,
    organisation: person.organisation,
    recipient: person.identity.recipient,
    signingKey: Buffer.from(person.signer.publicKey).toString('hex'),
    identity: person.path,
  };
  await new Output(json === true).line(result, () =>
    [
      `name        ${result.name}${result.role === null ? '' : `, ${result.role}`}${result.organisation === null ? '' : `, ${result.organisation}`}`,
      `recipient   ${result.recipient}   (give this to whoever makes a case that you are to open)`,
      `signing key ${result.signingKey}`,
      `identity    ${result.identity}`,
    ].join('\n'),
  );
}
