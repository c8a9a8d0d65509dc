import {
  addPersons,
  compartmentNamed,
  type Grant,
  type KeyList,
  type KeyReport,
  listKeys,
  replacePerson,
  rotateCompartment,
  rotateLogKey,
} from '@custody/case';
import { Command, InvalidArgumentError } from 'commander';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly reason: string;
}

interface RotateFlags extends Flags {
  readonly compartment: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly reseal?: boolean;
}

/** Keys: person → compartment → object. packages/case/KEYS.md has the procedures. */
export function keyCommand(): Command {
  const root = new Command('key').description('who holds what; enrolment, rotation, succession of the log key');
  for (const command of [list(), addPerson(), rotate(), replace(), rotateLog()])
    root.addCommand(command.exitOverride());
  return root;
}

function list(): Command {
  return caseCommand(new Command('list'))
    .description('compartments, their holders, and the keys of the log')
    .action((flags: CaseFlags) => withCase(flags, async (opened, out) => out.line(listKeys(opened), listText)));
}

function addPerson(): Command {
  return acting('add-person')
    .description('enrol persons: each ROLE=AGE gives a compartment (source, evidence, withheld, privileged, log)')
    .argument('<role=age...>', 'compartment and age recipient (age1…)', readGrant)
    .action((grants: readonly Grant[], flags: Flags) =>
      withCase(flags, async (opened, out) => out.line(await addPersons(opened, grants, flags.reason), text)),
    );
}

function rotate(): Command {
  return acting('rotate')
    .description('give a compartment another identity for what is stored from now on')
    .requiredOption('--compartment <name>', 'source, evidence, withheld, privileged or log')
    .option('--without <age>', 'a holder who loses it; repeatable', collect, [])
    .option('--with <age>', 'a person who gets it; repeatable', collect, [])
    .option('--reseal', 'seal the content of all segments anew, so that the old identity opens none of it')
    .action((flags: RotateFlags) =>
      withCase(flags, async (opened, out, progress) => {
        const report = await rotateCompartment(opened, {
          ...{ compartment: compartmentNamed(flags.compartment), reason: flags.reason, progress },
          ...{ with: flags.with, without: flags.without, reseal: flags.reseal === true },
        });
        progress.stop();
        await out.line(report, text);
      }),
    );
}

function replace(): Command {
  return acting('replace-person')
    .description('a new identity of a person in place of the old one, wherever the old one is a holder')
    .requiredOption('--old <age>', 'the recipient that goes')
    .requiredOption('--new <age>', 'the recipient that comes')
    .action((flags: Flags & { old: string; new: string }) =>
      withCase(flags, async (opened, out) => {
        await out.line(await replacePerson(opened, { old: flags.old, next: flags.new, reason: flags.reason }), text);
      }),
    );
}

function rotateLog(): Command {
  return acting('rotate-log')
    .description('give the log another signing key, named by the one before it')
    .action((flags: Flags) =>
      withCase(flags, async (opened, out) => out.line(await rotateLogKey(opened, flags.reason), text)),
    );
}

function acting(name: string): Command {
  return caseCommand(new Command(name)).requiredOption('--reason <text>', 'why: recorded in the log');
}

function readGrant(value: string, before: readonly Grant[] = []): readonly Grant[] {
  const [compartment, recipient] = value.split('=');
  if (compartment === undefined || recipient === undefined) throw new InvalidArgumentError('ROLE=AGE: evidence=age1…');
  return [...before, { compartment: compartmentNamed(compartment), recipient }];
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function listText(keys: KeyList): string {
  return [
    ...keys.compartments.flatMap((one) => [
      `${one.name}, generation ${one.generation}${one.held ? ', held by you' : ''}: ${one.recipient}`,
      ...one.holders.map((holder) => `  ${holder}`),
    ]),
    ...keys.logKeys.map(({ key, after }) => `log key after entry ${after}: ${key}`),
  ].join('\n');
}

function text(report: KeyReport): string {
  return [
    `${report.act}: ${report.compartments.join(', ')}; log entry ${report.entry}`,
    ...(report.resealed > 0 ? [`resealed ${report.resealed} segment(s)`] : []),
    `verifier key  ${report.verifierKey}`,
    ...report.notes.map((note) => `note  ${note}`),
  ].join('\n');
}
