/** `GET`, `PATCH` and `DELETE` of webhook endpoints: what a client has, and what becomes of it. Never a secret. */
import { type EndpointListResponse, updateEndpointRequest } from '@livegate/contracts/endpoints';
import type { Database, Queryable } from '@livegate/db/database';
import { deleteEndpoint, findEndpoint, listEndpoints, updateEndpoint } from '@livegate/db/endpoints';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { Request, RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readBody } from '../http/parse-body.ts';
import { requireSafeUrl, showEndpoint, unknownEndpoint } from './endpoint-rules.ts';

const idOf = (request: Request) => String(request.params.endpointId);

export function listWebhookEndpoints({ db }: { db: Queryable }): RequestHandler {
  return async (_request, response) => {
    const { clientId } = callerOf(response);
    const body: EndpointListResponse = { endpoints: (await listEndpoints(db, clientId)).map(showEndpoint) };
    response.json(body);
  };
}

export function getWebhookEndpoint({ db }: { db: Queryable }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const endpoint = await findEndpoint(db, { clientId, endpointId: idOf(request) });
    if (!endpoint) throw unknownEndpoint();
    response.json(showEndpoint(endpoint));
  };
}

/** Disabling ends what still waits for the endpoint; it can be recovered after enabling. */
export function updateWebhookEndpoint({ db, mode }: { db: Database; mode: EgressMode }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const change = readBody(request, updateEndpointRequest);
    if (change.url !== undefined) requireSafeUrl(change.url, mode);
    const endpoint = await db.transaction((tx) =>
      updateEndpoint(tx, { ...change, clientId, endpointId: idOf(request) }),
    );
    if (!endpoint) throw unknownEndpoint();
    response.json(showEndpoint(endpoint));
  };
}

export function deleteWebhookEndpoint({ db }: { db: Database }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const deleted = await db.transaction((tx) => deleteEndpoint(tx, { clientId, endpointId: idOf(request) }));
    if (!deleted) throw unknownEndpoint();
    response.status(204).end();
  };
}
