/** `/console/api/clients`: who may ask for checks. */
import { type ClientListAnswer, type ClientMadeAnswer, createClientRequest } from '@livegate/contracts/console/clients';
import { createClient, listClients } from '@livegate/db/clients';
import { countUsableKeysByClient } from '@livegate/db/console-queries';
import type { RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import { asOperator } from './as-operator.ts';
import type { ConsoleDeps } from './console-deps.ts';

export function listAllClients({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (_request, response) => {
    const [clients, keys] = await Promise.all([listClients(consoleDb), countUsableKeysByClient(consoleDb)]);
    const body: ClientListAnswer = {
      clients: clients.map((client) => ({ ...client, usableKeys: keys.get(client.client) ?? 0 })),
    };
    response.json(body);
  };
}

export function addClient({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const wish = readBody(request, createClientRequest);
    // The log of acts is written by the table's own trigger, in the operator's name.
    const body: ClientMadeAnswer = { client: await asOperator(consoleDb, response, (tx) => createClient(tx, wish)) };
    response.status(201).json(body);
  };
}
