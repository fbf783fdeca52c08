/**
 * Everything that can go wrong, as a closed list of codes. `contracts/problems` gives each its status and public
 * title; the wire sees an error through that one map only.
 */
export const ERROR_CODES = {
  invalid_request: 'A field is missing, of the wrong type or out of bounds.',
  malformed_body: 'The body could not be parsed.',
  body_too_large: 'The body is larger than the limit.',
  unsupported_media_type: 'The content type is not one the route accepts.',
  unauthenticated: 'No credentials, or credentials that are not valid.',
  key_not_usable: 'The API key is known but expired, revoked or of a disabled client.',
  unknown_token: 'The token names no check of this client.',
  unknown_check: 'The reference names no check of this client.',
  check_held: 'A legal hold keeps the check.',
  unknown_erasure: 'The id names no erasure of this client.',
  unknown_review: 'The id names no check of this client that can be reviewed.',
  review_taken: 'As many reviewers as may have the check, or it was labelled by this one.',
  review_not_claimed: 'The reviewer has not claimed the check, or the lease has run out.',
  too_many_failures: 'The person or the device failed so often within a short time that it has to wait.',
  check_expired: 'The link expired without a submission.',
  unknown_link: 'The capture link names no check.',
  capture_closed: 'The check no longer accepts this step of the capture.',
  capture_superseded: 'Another start took over the capture.',
  unreadable_image: 'The bytes are not an image of an accepted format.',
  unreachable_image: 'The image at the given URL could not be fetched.',
  image_too_large: 'The image has more pixels than the contract takes.',
  unknown_collection: 'The client has no such collection.',
  capture_elsewhere: 'The capture belongs to the browser that started it first.',
  handoff_over: 'The token moves no capture: used before, expired, withdrawn, or of another check.',
  challenge_too_late: 'The frame belongs to a step of the challenge whose time is over.',
  challenge_unknown: 'The frame carries no nonce of this capture.',
  frame_out_of_order: 'The frame comes before one that is there already.',
  too_few_frames: 'The submission holds too few frames.',
  idempotency_in_flight: 'The first request with this Idempotency-Key is still under way.',
  idempotency_mismatch: 'The Idempotency-Key was used for a different request.',
  unknown_event: 'The client has no such event.',
  unknown_endpoint: 'The client has no such webhook endpoint.',
  nothing_to_replay: 'The event has no delivery that could be made again.',
  too_many_endpoints: 'The client has as many webhook endpoints as it may have.',
  too_many_secrets: 'So many secrets of the endpoint are still in force that it cannot be rotated again now.',
  forbidden: 'The operator may not do this, or the request came from another site.',
  not_found: 'No such route.',
  method_not_allowed: 'The route does not take this method.',
  live_key_required: 'The route is for live keys; this is a test key.',
  rate_limited: 'The key or the link made more requests than it may.',
  quota_exceeded: "The client's checks of this month are used up.",
  too_many_open_checks: 'The client has as many open checks as it may have.',
  overloaded: 'More work is waiting than can be done in time.',
  deadline: 'No answer was reached within the deadline.',
  unavailable: 'A part of the system that is needed is not available now.',
  internal: 'An unexpected failure.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

type Options = {
  /** The request field at fault, where there is one. */
  field?: string;
  /** When to try again, where that is known better than from the code. */
  retryAfterSeconds?: number;
  cause?: unknown;
};

/** An expected failure with its code. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
