/** The last handler of a route: whatever method is left is not one of its own. */
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';

/** Throws `method_not_allowed`, and says in `Allow` which methods the route has (RFC 9110, 15.5.6). */
export const refuseMethod: RequestHandler = (request, response) => {
  const { _all, ...own } = (request.route as { methods: Record<string, boolean> }).methods;
  const methods = Object.keys(own).map((name) => name.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD');
  response.set('Allow', methods.sort().join(', '));
  throw new CodedError('method_not_allowed', 'The method is not one of this address.');
};
