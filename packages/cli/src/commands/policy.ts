import { UsageError } from '@custody/bytes';
import { roleCompartments, rolePolicies, type StorageRole, storageRoles } from '@custody/case';
import { Command } from 'commander';
import { Output } from '../output.ts';

interface Flags {
  readonly case: string;
  readonly originals?: string;
  readonly principal?: string;
  readonly forceConditions?: boolean;
  readonly json?: boolean;
}

export function policyCommand(): Command {
  return new Command('policy')
    .description('print the least storage rights of a role as S3 policies, one JSON object by bucket')
    .argument('<role>', storageRoles.join(', '))
    .requiredOption('--case <s3://bucket/prefix>', 'where the case is or will be')
    .option('--originals <s3://bucket/prefix>', 'the bucket of its originals')
    .option('--principal <arn>', 'whom a bucket policy names; without it the policies fit a user or role of its own')
    .option(
      '--force-conditions',
      'demand of each write that it creates (s3:if-none-match); AWS knows it, Ceph 16 does not',
    )
    .option('--json', 'the same on one line')
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  const role = storageRoles.find((one) => one === name);
  if (role === undefined) {
    throw new UsageError('ARGUMENT_INVALID', `there is no role "${name}": ${storageRoles.join(', ')}`);
  }
  const { originals, principal, forceConditions } = flags;
  const policies = rolePolicies(role, {
    location: flags.case,
    ...(originals !== undefined && { originals }),
    ...(principal !== undefined && { principal }),
    ...(forceConditions === true && { forced: true }),
  });
  const out = new Output(flags.json === true);
  await out.line(policies, () => JSON.stringify(policies, null, 2));
  out.note(keysOf(role));
}

function keysOf(role: StorageRole): string {
  const held = roleCompartments[role];
  return `keys: ${held.length === 0 ? 'none; set no CUSTODY_IDENTITY' : `its CUSTODY_IDENTITY must hold ${held.join(', ')} and needs nothing else`}`;
}
