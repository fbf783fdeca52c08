/** Commands about the audit log. */
import { userInfo } from 'node:os';
import { BEGINNING } from '@livegate/crypto/audit-trail';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { findCut, findHead, trySealing } from '@livegate/db/audit-chain';
import { recordAct } from '@livegate/db/audit-log';
import type { Database } from '@livegate/db/database';
import { keyDirectoryRecord } from '@livegate/db/key-directory';
import { UsageError } from './usage-error.ts';
import { verifyAuditLog } from './verify-audit-log.ts';

export const AUDIT_COMMANDS = {
  'audit verify': {
    usage: 'audit verify',
    takes: 0,
    run: async (db: Database, { keyDir }: { keyDir: string }) => {
      const { fault, ...verified } = await verifyAuditLog(
        db,
        await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) }),
      );
      if (fault)
        throw new UsageError(`the audit log is not as it was sealed: ${fault} (${verified.rows} rows before it hold)`);
      return [{ ...verified, holds: true }];
    },
  },
  'audit continue': {
    usage: 'audit continue REASON   (after a restore: lets the log go on from where the database ends, and notes it)',
    takes: 1,
    run: async (db: Database, { positionals: [reason = ''], keyDir }: { positionals: string[]; keyDir: string }) => {
      const { audit } = await openKeyRing({ dir: keyDir, record: keyDirectoryRecord(db) });
      const continued = await db.transaction(async (tx) => {
        if (!(await trySealing(tx))) throw new UsageError('the log is being sealed at this moment: try again');
        const cut = await findCut(tx, audit.head());
        if (!cut) throw new UsageError('the log goes on from what is known of it: there is nothing to continue');
        await recordAct(tx, {
          actor: `admin:${userInfo().username}`,
          action: 'audit.continued',
          details: { reason, cut },
        });
        const found = await findHead(tx);
        return { cut, head: found ? { ...found, link: found.link.toString('hex') } : BEGINNING };
      });
      await audit.noteHead(continued.head);
      return [{ continued: continued.head.position, seal: continued.head.seal, after: continued.cut }];
    },
  },
};
