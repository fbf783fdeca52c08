/** People who may use the console. Passwords are made here and shown once; nobody chooses one, so none is weak. */
import { hashPassword, newPassword } from '@livegate/crypto/password';
import type { Database } from '@livegate/db/database';
import {
  createOperator,
  disableOperator,
  listOperators,
  resetOperator,
  setOperatorRights,
} from '@livegate/db/operators';
import type { OperatorRole } from '@livegate/domain/operator-roles';
import { UsageError } from './usage-error.ts';

type Given = { positionals: string[]; role: OperatorRole | undefined; images: boolean };

const NAME = /^[a-z][a-z0-9._-]{1,39}$/;

export const OPERATOR_COMMANDS = {
  'operator create': {
    usage: 'operator create NAME [--role viewer|operator|admin] [--images]   (viewer; --images: may see kept images)',
    takes: 1,
    run: async (db: Database, { positionals: [name = ''], role = 'viewer', images }: Given) => {
      if (!NAME.test(name))
        throw new UsageError('a name is 2 to 40 lower-case letters, digits, dots, dashes or underscores');
      const password = newPassword();
      const operator = { name, role, seesImages: images, passwordHash: await hashPassword(password) };
      if (!(await createOperator(db, operator))) throw new UsageError(`there is an operator ${name} already`);
      return [{ operator: name, role, images, password, note: 'shown once' }];
    },
  },
  'operator grant': {
    usage: 'operator grant NAME --role viewer|operator|admin [--images]   (without --images: takes that right away)',
    takes: 1,
    run: async (db: Database, { positionals: [name = ''], role, images }: Given) => {
      if (!role) throw new UsageError('--role must say which');
      if (!(await setOperatorRights(db, { name, role, seesImages: images })))
        throw new UsageError(`no operator ${name}`);
      return [{ operator: name, role, images }];
    },
  },
  'operator list': { usage: 'operator list', takes: 0, run: (db: Database) => listOperators(db) },
  'operator disable': {
    usage: 'operator disable NAME',
    takes: 1,
    run: async (db: Database, { positionals: [name = ''] }: Given) => {
      if (!(await disableOperator(db, name))) throw new UsageError(`no enabled operator ${name}`);
      return [{ done: true }];
    },
  },
  'operator reset': {
    usage: 'operator reset NAME   (a new password; enables, and ends all sessions)',
    takes: 1,
    run: async (db: Database, { positionals: [name = ''] }: Given) => {
      const password = newPassword();
      if (!(await resetOperator(db, { name, passwordHash: await hashPassword(password) })))
        throw new UsageError(`no operator ${name}`);
      return [{ operator: name, password, note: 'shown once' }];
    },
  },
};
