/** Commands about what is kept: how long, and what a legal hold keeps longer. */
import { openKeyRing } from '@livegate/crypto/key-ring';
import type { Database } from '@livegate/db/database';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { liftHold, listHolds, placeHold, setDataKey } from '@livegate/db/legal-holds';
import { listPolicies, setPolicy } from '@livegate/db/retention-policies';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { ARTEFACTS, type Artefact, RETENTION } from '@livegate/domain/retention';
import { UsageError } from './usage-error.ts';

type Given = { positionals: string[]; keyDir: string };

export const RECORD_COMMANDS = {
  'retention show': {
    usage: 'retention show CLIENT',
    takes: 1,
    run: (db: Database, { positionals: [clientId = ''] }: Given) => showPolicies(db, clientId),
  },
  'retention set': {
    usage: `retention set CLIENT ${ARTEFACTS.join('|')} SECONDS   (or "usual")`,
    takes: 3,
    run: async (db: Database, { positionals: [clientId = '', name = '', text = ''] }: Given) => {
      const artefact = ARTEFACTS.find((known) => known === name);
      if (!artefact) throw new UsageError(`the artefact must be one of ${ARTEFACTS.join(', ')}`);
      const seconds = text === 'usual' ? null : readSeconds(text, artefact);
      if (!(await setPolicy(db, { clientId, artefact, seconds }))) throw new UsageError(`no client ${clientId}`);
      return showPolicies(db, clientId);
    },
  },
  'hold place': {
    usage: 'hold place CHECK REASON',
    takes: 2,
    run: async (db: Database, { positionals: [checkId = '', reason = ''], keyDir }: Given) => {
      const keyRing = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      await db.transaction(async (tx) => {
        const check = await placeHold(tx, { checkId, reason });
        if (!check) throw new UsageError(`no check ${checkId} that has ended and is not held`);
        const purpose = keyPurpose.frames(check.clientId, checkId);
        const dataKey =
          check.dataKey && (await keyRing.epochs.wrapHeld(keyRing.unwrap(check.dataKey, purpose), purpose));
        await setDataKey(tx, { checkId, dataKey });
      });
      return [{ held: checkId }];
    },
  },
  'hold lift': {
    usage: 'hold lift CHECK',
    takes: 1,
    run: async (db: Database, { positionals: [checkId = ''], keyDir }: Given) => {
      const keyRing = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      const held = await db.transaction(async (tx) => {
        const check = await liftHold(tx, checkId);
        if (!check) throw new UsageError(`no hold on ${checkId}`);
        const purpose = keyPurpose.frames(check.clientId, checkId);
        const until = check.imagesReadable ? check.imagesExpireAt : null;
        const dataKey =
          check.dataKey && until
            ? await keyRing.epochs.wrapUntil(keyRing.unwrap(check.dataKey, purpose), { until, purpose })
            : null;
        await setDataKey(tx, { checkId, dataKey });
        return check.dataKey;
      });
      // Only when the rows no longer need it: the images that were kept end with their key, wherever a copy lies.
      if (held) await keyRing.epochs.release(held);
      return [{ lifted: checkId }];
    },
  },
  'hold list': { usage: 'hold list', takes: 0, run: (db: Database) => listHolds(db) },
};

async function showPolicies(db: Database, clientId: string) {
  const policies = await listPolicies(db, clientId);
  if (!policies) throw new UsageError(`no client ${clientId}`);
  return policies;
}

function readSeconds(text: string, artefact: Artefact): number {
  const { most } = RETENTION[artefact];
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`SECONDS must be a whole number up to ${most}`);
}
