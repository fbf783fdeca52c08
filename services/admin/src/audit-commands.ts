/** Commands about the audit log. */
import { openKeyRing } from '@livegate/crypto/key-ring';
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
};
