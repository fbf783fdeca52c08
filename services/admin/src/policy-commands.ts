/** What a client decides about its checks. */
import {
  type ClientPolicies,
  findFailureLock,
  findPolicies,
  setFailureLock,
  setPolicies,
} from '@livegate/db/client-policies';
import type { Queryable } from '@livegate/db/database';
import { FAILURE_LOCK_FORM, parseFailureLock, printFailureLock } from '@livegate/domain/failure-lock';
import { UsageError } from './usage-error.ts';

const ALTERNATIVES = ['refer', 'still'] as const;
const RISK_POLICIES = ['report', 'review', 'fail'] as const;

type Given = { positionals: string[] };

export const POLICY_COMMANDS = {
  'policy show': {
    usage: 'policy show CLIENT',
    takes: 1,
    run: (db: Queryable, { positionals: [clientId = ''] }: Given) => show(db, clientId),
  },
  'policy alternative': {
    usage: `policy alternative CLIENT ${ALTERNATIVES.join('|')}`,
    takes: 2,
    run: async (db: Queryable, { positionals: [clientId = '', wish = ''] }: Given) =>
      change(db, clientId, { turnAlternative: oneOf(ALTERNATIVES, wish) }),
  },
  'policy risk': {
    usage: `policy risk CLIENT ${RISK_POLICIES.join('|')}`,
    takes: 2,
    run: async (db: Queryable, { positionals: [clientId = '', wish = ''] }: Given) =>
      change(db, clientId, { riskPolicy: oneOf(RISK_POLICIES, wish) }),
  },
  'policy lock': {
    usage: 'policy lock CLIENT FAILURES/WINDOW/LOCK   (seconds; or "off", or "usual")',
    takes: 2,
    run: async (db: Queryable, { positionals: [clientId = '', wish = ''] }: Given) => {
      const lock = wish === 'usual' ? null : parseFailureLock(wish);
      if (!lock && wish !== 'usual') throw new UsageError(`the lock must be ${FAILURE_LOCK_FORM}, or usual`);
      if (!(await setFailureLock(db, { clientId, lock }))) throw new UsageError(`no client ${clientId}`);
      return show(db, clientId);
    },
  },
};

async function change(db: Queryable, clientId: string, policies: Partial<ClientPolicies>) {
  if (!(await setPolicies(db, { clientId, ...policies }))) throw new UsageError(`no client ${clientId}`);
  return show(db, clientId);
}

async function show(db: Queryable, clientId: string) {
  const policies = await findPolicies(db, clientId);
  if (!policies) throw new UsageError(`no client ${clientId}`);
  const lock = await findFailureLock(db, clientId);
  return [
    {
      client: clientId,
      alternative: policies.turnAlternative,
      risk: policies.riskPolicy,
      lock: lock ? printFailureLock(lock) : 'usual',
    },
  ];
}

function oneOf<Wish extends string>(known: readonly Wish[], wish: string): Wish {
  const found = known.find((candidate) => candidate === wish);
  if (!found) throw new UsageError(`${wish || 'nothing'} is not one of ${known.join(', ')}`);
  return found;
}
