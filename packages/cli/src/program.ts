import { toolVersion } from '@custody/case';
import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { compareCommand } from './commands/compare.ts';
import { correctCommand } from './commands/correct.ts';
import { decideCommand } from './commands/decide.ts';
import { demoCommand } from './commands/demo.ts';
import { detectCommand } from './commands/detect.ts';
import { discloseCommand } from './commands/disclose.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exhibitCommand } from './commands/exhibit.ts';
import { exportCommand } from './commands/export.ts';
import { expungeCommand } from './commands/expunge.ts';
import { extractCommand } from './commands/extract.ts';
import { findingsCommand } from './commands/findings.ts';
import { formatsCommand } from './commands/formats.ts';
import { indexCommand } from './commands/index.ts';
import { ingestCommand } from './commands/ingest.ts';
import { initCommand } from './commands/init.ts';
import { itemsCommand } from './commands/items.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keyCommand } from './commands/key.ts';
import { linksCommand } from './commands/links.ts';
import { logCommand } from './commands/log.ts';
import { markCommand } from './commands/mark.ts';
import { operatorCommand } from './commands/operator.ts';
import { policyCommand } from './commands/policy.ts';
import { profileCommand } from './commands/profile.ts';
import { queryCommand } from './commands/query.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { reportCommand } from './commands/report.ts';
import { restoreCommand } from './commands/restore.ts';
import { resumeCommand } from './commands/resume.ts';
import { statusCommand } from './commands/status.ts';
import { timestampCommand } from './commands/timestamp.ts';
import { verifyCommand } from './commands/verify.ts';
import { warrantCommand } from './commands/warrant.ts';
import { watchCommand } from './commands/watch.ts';
import { witnessCommand } from './commands/witness.ts';
import { workerCommand } from './commands/worker.ts';
import { refuseSwallowedFlags } from './refuse-swallowed-flags.ts';

/** The command with all its verbs. */
export function program(): Command {
  const root = new Command('custody')
    .description('Decode captured chats under a warrant, commit every record to a signed ledger, disclose with proofs.')
    .version(toolVersion())
    .exitOverride()
    .showHelpAfterError('(custody COMMAND --help shows the flags)')
    .hook('preAction', (command, action) => refuseSwallowedFlags(action, rawArgsOf(command)))
    .addHelpText(
      'after',
      `
Exit codes: 0 well (notes allowed) · 1 usage · 2 finished with findings of class lost or doubt · 3 an integrity check
failed · 4 refused under the authority · 5 a service is unavailable · 6 nothing could be decoded`,
    );
  for (const make of [
    initCommand,
    operatorCommand,
    warrantCommand,
    ingestCommand,
    indexCommand,
    resumeCommand,
    restoreCommand,
    statusCommand,
    itemsCommand,
    findingsCommand,
    queryCommand,
    linksCommand,
    watchCommand,
    reportCommand,
    reconcileCommand,
    compareCommand,
    exhibitCommand,
    discloseCommand,
    expungeCommand,
    exportCommand,
    markCommand,
    decideCommand,
    correctCommand,
    keyCommand,
    logCommand,
    verifyCommand,
    timestampCommand,
    witnessCommand,
    extractCommand,
    doctorCommand,
    policyCommand,
    profileCommand,
    formatsCommand,
    detectCommand,
    benchCommand,
    workerCommand,
    jobsCommand,
  ]) {
    root.addCommand(make().exitOverride());
  }
  root.addCommand(
    demoCommand(async (args) => void (await program().parseAsync([...args], { from: 'user' }))).exitOverride(),
  );
  return root;
}

/** As typed; commander keeps them in a field that its types do not name. */
function rawArgsOf(command: Command): readonly string[] {
  return (command as Command & { readonly rawArgs?: readonly string[] }).rawArgs ?? [];
}
