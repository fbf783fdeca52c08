/** Error code → HTTP status and public title: the one map by which the wire sees an error. */
import { ERROR_CODES, type ErrorCode } from '@livegate/domain/errors';
import { z } from 'zod';

export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  malformed_body: { status: 400, title: 'The body could not be parsed' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not accepted here' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  key_not_usable: { status: 401, title: 'The API key is no longer valid' },
  unknown_token: { status: 400, title: 'The token is not valid' },
  unknown_check: { status: 404, title: 'The reference is not valid' },
  check_held: { status: 409, title: 'A legal hold keeps the check' },
  unknown_erasure: { status: 404, title: 'The id is not valid' },
  unknown_review: { status: 404, title: 'The id is not valid' },
  review_taken: { status: 409, title: 'Others have it, or you labelled it' },
  review_not_claimed: { status: 409, title: 'It has to be claimed first' },
  too_many_failures: { status: 429, title: 'Too many failed attempts' },
  check_expired: { status: 410, title: 'The link has expired' },
  unknown_link: { status: 404, title: 'The link is not valid' },
  capture_closed: { status: 409, title: 'The capture is closed' },
  capture_superseded: { status: 409, title: 'The capture was started again elsewhere' },
  unreadable_image: { status: 422, title: 'The image could not be read' },
  unreachable_image: { status: 422, title: 'The image could not be fetched' },
  image_too_large: { status: 422, title: 'The image has too many pixels' },
  unknown_collection: { status: 422, title: 'The collection is not known' },
  capture_elsewhere: { status: 409, title: 'The capture was started in another browser' },
  handoff_over: { status: 410, title: 'The hand-over is over' },
  challenge_too_late: { status: 409, title: 'The time of this step is over' },
  challenge_unknown: { status: 409, title: 'The frame belongs to no step of this capture' },
  frame_out_of_order: { status: 409, title: 'The frame is out of order' },
  too_few_frames: { status: 422, title: 'The submission holds too few frames' },
  idempotency_in_flight: { status: 409, title: 'The request is already under way' },
  idempotency_mismatch: { status: 422, title: 'The key was used for another request' },
  unknown_event: { status: 404, title: 'The event is not known' },
  unknown_endpoint: { status: 404, title: 'The endpoint is not known' },
  nothing_to_replay: { status: 409, title: 'There is nothing to deliver again' },
  too_many_endpoints: { status: 409, title: 'There are too many endpoints' },
  too_many_secrets: { status: 409, title: 'Too many secrets are in force' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  live_key_required: { status: 403, title: 'A live key is required' },
  rate_limited: { status: 429, title: 'Too many requests' },
  quota_exceeded: { status: 429, title: 'The quota is used up' },
  too_many_open_checks: { status: 429, title: 'Too many checks are open' },
  overloaded: { status: 503, title: 'Too much work is waiting' },
  deadline: { status: 503, title: 'No answer was reached in time' },
  unavailable: { status: 503, title: 'The service is not available now' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>;

/** RFC 9457 problem details, with our stable `code` and the request's reference. */
export const problem = z
  .object({
    type: z.string().startsWith('urn:livegate:problem:'),
    title: z.string(),
    status: z.number().int().min(400).max(599),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    reference: z.uuidv4().meta({ description: 'Quote it when you ask about this request. Also in `X-Request-ID`.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type Problem = z.infer<typeof problem>;
