import { readFile } from 'node:fs/promises';
import { type Timestamped, timestampCase } from '@custody/case';
import { httpPost } from '@custody/vault';
import { Command } from 'commander';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly tsa: string;
  readonly tsaCa?: string;
  readonly crl?: string;
  readonly policy?: string;
}

export function timestampCommand(): Command {
  return caseCommand(new Command('timestamp'))
    .description('have a time-stamping authority (RFC 3161) stamp the signed log, and chain its token into it')
    .requiredOption('--tsa <url>', 'the authority, http or https')
    .option('--tsa-ca <file>', "the authority's CA certificate(s), PEM: the token's chain must end there")
    .option('--crl <file>', "the authority's revocation list(s), PEM or DER: looked into and kept with the token")
    .option('--policy <oid>', 'ask for this policy')
    .option('--reason <text>', 'why, recorded')
    .action(async (flags: Flags) => {
      const authorities = flags.tsaCa === undefined ? undefined : new Uint8Array(await readFile(flags.tsaCa));
      const lists = flags.crl === undefined ? undefined : new Uint8Array(await readFile(flags.crl));
      await withCase(flags, async (opened, out) => {
        const stamped = await timestampCase(opened, {
          url: flags.tsa,
          post: httpPost,
          ...(authorities !== undefined && { authorities }),
          ...(lists !== undefined && { lists }),
          ...(flags.policy !== undefined && { policy: flags.policy }),
          ...(flags.reason !== undefined && { reason: flags.reason }),
        });
        await out.line(stamped, text);
      });
    });
}

function text(stamped: Timestamped): string {
  const { size, time, accuracyMs, authority, signer, policy, serial, objects, entry } = stamped;
  return [
    `stamped     the first ${size} entries of the log, at ${time}${accuracyMs === null ? '' : ` (give or take ${accuracyMs / 1000} s)`}`,
    `by          ${signer} at ${stamped.url}, policy ${policy}, serial ${serial}`,
    authority === null
      ? 'under       NO CA SUPPLIED (--tsa-ca): whose key it is was not checked'
      : `under       ${authority}, the CA supplied`,
    `kept        entry ${entry}; ${objects.join(' ')}`,
    `by hand     openssl ts -verify -data ${objects[0]} -in ${objects[1]} -CAfile CA.pem`,
  ].join('\n');
}
