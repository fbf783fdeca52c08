/** `/console/api/clients/{id}/keys` and `/console/api/keys/{id}/revoke`: a key's text is shown once, to who made it. */
import { createKeyRequest, type KeyListAnswer, type KeyMadeAnswer } from '@livegate/contracts/console/clients';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { countUsableKeys, createApiKey, listApiKeys, MAX_USABLE_KEYS, revokeApiKey } from '@livegate/db/clients';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { asOperator } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';

export function listKeys({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const keys = await listApiKeys(consoleDb, String(request.params.clientId));
    response.json({ keys } as KeyListAnswer);
  };
}

export function addKey({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const clientId = String(request.params.clientId);
    const { mode, expiresInDays } = readBody(request, createKeyRequest);
    const secret = newApiKey(mode);
    const key = parseApiKey(secret);
    if (!key) throw new Error('a key that was just made cannot be read');
    await asOperator(consoleDb, response, async (tx) => {
      if ((await countUsableKeys(tx, { clientId, mode })) >= MAX_USABLE_KEYS) {
        throw new CodedError(
          'invalid_request',
          `The client has ${MAX_USABLE_KEYS} usable ${mode} keys: revoke one first.`,
        );
      }
      if (!(await createApiKey(tx, { ...key, clientId, expiresInDays }))) {
        throw new CodedError('not_found', 'There is no such client.');
      }
    });
    const body: KeyMadeAnswer = { key: key.keyId, secret };
    response.status(201).json(body);
  };
}

export function revokeKey({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const keyId = String(request.params.keyId);
    const revoked = await asOperator(consoleDb, response, (tx) => revokeApiKey(tx, keyId));
    if (!revoked) throw new CodedError('not_found', 'There is no such key that is not revoked already.');
    response.status(204).end();
  };
}
