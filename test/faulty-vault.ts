import { UnavailableError } from '@custody/bytes';
import type { Vault } from '@custody/vault';

/** How a write fails: nothing of it is stored, or all of it is and only the answer is lost. */
export type Fault = 'not stored' | 'stored';

/** Writes so far, and which one is to fail. Number 0 is the first; every one after it fails, too: the process is dead. */
export class FaultPlan {
  readonly fault: Fault;
  readonly at: number;
  writes = 0;

  constructor(at: number, fault: Fault) {
    this.at = at;
    this.fault = fault;
  }
}

const WRITES = ['create', 'createFromStream', 'destroy', 'replace', 'remove'] as const;

/** The same store, of which one write and all after it fail. */
export function faultyVault(vault: Vault, plan: FaultPlan): Vault {
  const faulty = Object.create(vault) as Record<string, unknown>;
  for (const key of WRITES) {
    const write = vault[key].bind(vault) as (...args: unknown[]) => Promise<unknown>;
    faulty[key] = async (...args: unknown[]) => {
      const number = plan.writes++;
      if (number > plan.at || (number === plan.at && plan.fault === 'not stored')) throw failed();
      const result = await write(...args);
      if (number === plan.at) throw failed();
      return result;
    };
  }
  for (const key of [
    'read',
    'holds',
    'digest',
    'readStream',
    'info',
    'list',
    'localPath',
    'lockOf',
    'pinOf',
    'alarms',
  ] as const) {
    const method = vault[key] as ((...args: never[]) => unknown) | undefined;
    if (method !== undefined) faulty[key] = method.bind(vault);
  }
  return faulty as unknown as Vault;
}

function failed(): Error {
  return new UnavailableError('STORE_UNAVAILABLE', 'the store does not answer (fault injected)');
}
