/** What an endpoint is on the wire, and where it may point: as a check's own webhook_url. */
import type { EndpointResponse } from '@livegate/contracts/endpoints';
import type { Endpoint } from '@livegate/db/endpoints';
import { CodedError } from '@livegate/domain/errors';
import { checkTargetUrl, type EgressMode } from '@livegate/egress/target-policy';

export function showEndpoint({ id, url, description, events, ...times }: Endpoint): EndpointResponse {
  return {
    id,
    url,
    description,
    events,
    disabled: times.disabledAt !== null,
    created_at: times.createdAt.toISOString(),
    updated_at: times.updatedAt.toISOString(),
  };
}

/** Throws `invalid_request` for an address that webhooks are not sent to. */
export function requireSafeUrl(url: string, mode: EgressMode): void {
  const checked = checkTargetUrl(url, { mode });
  if (!checked.ok) throw new CodedError('invalid_request', `url ${checked.why}.`, { field: 'url' });
}

export const unknownEndpoint = () => new CodedError('unknown_endpoint', 'There is no such webhook endpoint.');
