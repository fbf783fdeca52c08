/** The capture protocol's rows: what the hosted page says under the link's secret. */
import { CHALLENGE_RULES } from '@livegate/domain/challenge';
import { z } from 'zod';
import {
  abandonRequest,
  abandonResponse,
  alternativeRequest,
  alternativeResponse,
  CAPTURE_FRAMES,
  type ChallengeView,
  captureStatus,
  finishRequest,
  finishResponse,
  frameResponse,
  handoffOffer,
  handoffRequest,
  MAX_FRAME_BYTES,
  startRequest,
  startResponse,
  takeBackRequest,
  takeHandoffRequest,
} from '../capture.ts';
import { type Operation, type Parameter, problemAnswers } from './operation.ts';
import { ANY_ROUTE, linkSecret, okInCases, WITH_BODY } from './usual-answers.ts';

const frames = { ...CAPTURE_FRAMES };

const firstStep: ChallengeView = {
  step: 0,
  of: 4,
  prompt: 'center',
  nonce: 'q7Yk2LxV9bTn4RsW1cZp8M',
  state: 'open',
  frame_interval_ms: 180,
  remaining_ms: 10_000,
};

const framed: Parameter = {
  in: 'header',
  name: 'X-Capture-Framed',
  required: false,
  description:
    '`1` from a page that is shown in a frame, where the client allows it: the cookie is then one that frames keep.',
  schema: { type: 'string', const: '1' },
};

const framedBrowser: Parameter = {
  in: 'header',
  name: 'X-Capture-Browser',
  required: false,
  description:
    'From a page that is shown in a frame: 43 base64url characters of its own making, the same with every request. The capture belongs to the browser by them where it keeps no cookie.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
};

const everywhere = { ...ANY_ROUTE, unknown_link: 'This link is not valid.' } as const;
const withBody = { ...everywhere, ...WITH_BODY } as const;
const open = {
  capture_closed: 'The capture is closed.',
  capture_superseded: 'The capture was started again, here or in another window.',
  check_expired: 'The link has expired.',
} as const;

const elsewhere = 'The capture was started in another browser.';

export const captureOperations: Operation[] = [
  {
    id: 'showCapturePage',
    method: 'get',
    path: '/c/{secret}',
    tag: 'Capture',
    summary: 'The capture page',
    description: 'For the person. Looking at it starts nothing: link previews look, too.',
    security: [],
    parameters: [linkSecret],
    answers: {
      200: {
        description: 'The page.',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: { type: 'text/html', schema: z.string().meta({ id: 'Page' }), examples: {} },
      },
      404: {
        description: 'The link is not valid: the page, which then says so.',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: { type: 'text/html', schema: z.string().meta({ id: 'Page' }), examples: {} },
      },
      ...problemAnswers({ internal: everywhere.internal, unavailable: everywhere.unavailable }),
    },
  },
  {
    id: 'showCaptureStatus',
    method: 'get',
    path: '/c/{secret}/status',
    tag: 'Capture',
    summary: 'What the page should show',
    description: 'Says nothing of the verdict: `done` is the end of a capture, passed or not.',
    security: [],
    parameters: [linkSecret, framed, framedBrowser],
    answers: {
      200: okInCases('Where the capture stands.', captureStatus.meta({ id: 'CaptureStatus' }), {
        open: {
          state: 'open',
          attempt: 1,
          attempts_allowed: 3,
          reason: null,
          words: null,
          redirect_url: null,
          frames,
          client_name: null,
          challenge: 'turn',
          consented: false,
          elsewhere: false,
          detector_url: '/capture-assets/detector-4a1c09b3d2e8f756.onnx',
          can_hand_off: true,
          handoff: null,
          logo_url: null,
          dark_logo_url: null,
          frame_origins: ['https://shop.example'],
        },
      }),
      ...problemAnswers(everywhere),
    },
  },
  {
    id: 'declineChallenge',
    method: 'post',
    path: '/c/{secret}/alternative',
    tag: 'Capture',
    summary: 'Say that turning the head is not possible',
    description:
      "The client's policy says what it yields: the check goes on without the challenge, or the person is sent back.",
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: alternativeRequest.meta({ id: 'CaptureAlternativeWish' }),
      examples: { declined: {} },
    },
    answers: {
      200: okInCases('What the policy yields.', alternativeResponse, {
        sent_back: {
          continues: false,
          redirect_url: 'https://example.com/return?lc_token=u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q&error=cancelled',
        },
        goes_on: { continues: true, redirect_url: null },
      }),
      ...problemAnswers({ ...withBody, capture_elsewhere: elsewhere }),
    },
  },
  {
    id: 'offerHandoff',
    method: 'post',
    path: '/c/{secret}/handoff',
    tag: 'Capture',
    summary: 'Offer the capture to another browser',
    description:
      'For "continue on your phone": an address with a token that works once and for five minutes. A new offer makes the one before void, and so does a start. 404 where links are not https. As with a start, moves that were asked for already count as an attempt: 409.',
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: handoffRequest.meta({ id: 'HandoffWish' }),
      examples: { offer: {} },
    },
    answers: {
      200: okInCases('Open this address in the other browser.', handoffOffer, {
        offered: {
          url: 'https://check.example.com/c/Jk3w8m2TqVb0yR5nXc7dLp1aZs9fGh4eUo6iKtNvB_Q#handoff=W4n8QzTb1LxR7mVc2KpY9s',
          expires_in_ms: 300_000,
        },
      }),
      ...problemAnswers({
        ...withBody,
        not_found: 'There is no hand-over without https.',
        capture_closed: open.capture_closed,
        capture_elsewhere: elsewhere,
        check_expired: open.check_expired,
      }),
    },
  },
  {
    id: 'takeHandoff',
    method: 'post',
    path: '/c/{secret}/handoff/take',
    tag: 'Capture',
    summary: 'Take the capture over with the token of an offer',
    description:
      'The capture belongs to this browser from now on, which is given a cookie; the other can only follow it. The same browser may take it again.',
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: takeHandoffRequest.meta({ id: 'HandoffTake' }),
      examples: { take: { token: 'W4n8QzTb1LxR7mVc2KpY9s' } },
    },
    answers: {
      204: { description: 'It is taken.', headers: ['X-Request-ID', 'Cache-Control'], content: null },
      ...problemAnswers({
        ...withBody,
        capture_closed: open.capture_closed,
        check_expired: open.check_expired,
        handoff_over: 'The code was used before, has expired or is not one of this check.',
      }),
    },
  },
  {
    id: 'takeHandoffBack',
    method: 'post',
    path: '/c/{secret}/handoff/take-back',
    tag: 'Capture',
    summary: 'Take the capture back',
    description:
      'For the browser that offered it, unless the other sends pictures: has sent one of this attempt within half a minute.',
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: takeBackRequest.meta({ id: 'HandoffReturn' }),
      examples: { back: {} },
    },
    answers: {
      204: { description: "It is this browser's.", headers: ['X-Request-ID', 'Cache-Control'], content: null },
      ...problemAnswers({
        ...withBody,
        capture_closed: open.capture_closed,
        capture_elsewhere: elsewhere,
        check_expired: open.check_expired,
      }),
    },
  },
  {
    id: 'startCapture',
    method: 'post',
    path: '/c/{secret}/start',
    tag: 'Capture',
    summary: 'Start the capture, or take it over',
    description:
      'The person agreed. Another start ends the session of the one before: one capture is live at a time, and all of it in one browser, which is given a cookie. Once a move was asked for, a new start counts what has come as an attempt: 409, and the next start is the next attempt.',
    security: [],
    parameters: [linkSecret, framed, framedBrowser],
    request: {
      type: 'application/json',
      schema: startRequest.meta({ id: 'CaptureStart' }),
      examples: { start: {}, agreed: { consent: { version: '1', locale: 'en' } } },
    },
    answers: {
      200: okInCases('The capture is live.', startResponse.meta({ id: 'CaptureStarted' }), {
        started: { session: 'p0Zr3XbQ8mYt5LkV2nHs7JcW1uEa9oGi4dFqTzRxB6M', attempt: 1, frames, challenge: null },
        challenged: {
          session: 'p0Zr3XbQ8mYt5LkV2nHs7JcW1uEa9oGi4dFqTzRxB6M',
          attempt: 1,
          frames,
          challenge: firstStep,
        },
      }),
      ...problemAnswers({
        ...withBody,
        capture_closed: open.capture_closed,
        capture_elsewhere: elsewhere,
        check_expired: open.check_expired,
        overloaded: 'More work is waiting than can be done in time; please try again shortly.',
        too_many_failures: 'There were too many failed attempts in a short time; please wait.',
      }),
    },
  },
  {
    id: 'putFrame',
    method: 'put',
    path: '/c/{secret}/frames/{seq}',
    tag: 'Capture',
    summary: 'Send one frame',
    description: `A JPEG of at most ${MAX_FRAME_BYTES} bytes. Sending a frame again changes nothing. With a challenge each frame carries the nonce of the step it was taken for, and its answer says what is asked next.`,
    security: ['captureSession'],
    parameters: [
      linkSecret,
      {
        in: 'path',
        name: 'seq',
        required: true,
        description: `The frame's place; without a challenge at most ${CAPTURE_FRAMES.count - 1}.`,
        schema: { type: 'integer', minimum: 0, maximum: CHALLENGE_RULES.maxFrames - 1 },
        example: 0,
      },
      {
        in: 'header',
        name: 'X-Challenge-Nonce',
        required: false,
        description: 'The `nonce` of the step. Required with a challenge.',
        schema: { type: 'string' },
      },
      {
        in: 'header',
        name: 'X-Frame-Time',
        required: false,
        description: 'When the frame was taken, in milliseconds by a clock of the browser: evidence, no condition.',
        schema: { type: 'integer' },
      },
    ],
    request: { type: 'image/jpeg', schema: z.file().meta({ id: 'Frame' }), examples: {} },
    answers: {
      200: okInCases('The frame is stored; this is what the challenge asks now.', frameResponse, {
        next: { challenge: firstStep },
      }),
      204: {
        description: 'The frame is stored; there is no challenge.',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: null,
      },
      ...problemAnswers({
        ...everywhere,
        ...open,
        challenge_too_late: 'The time of this step is over.',
        challenge_unknown: 'The frame carries no nonce of this capture.',
        frame_out_of_order: 'A later frame is there already.',
        invalid_request: `The frame's place must be from 0 to ${CAPTURE_FRAMES.count - 1}.`,
        malformed_body: 'The body ended early.',
        body_too_large: 'The body is larger than this route accepts.',
        unsupported_media_type: 'A frame must be sent as image/jpeg.',
        unreadable_image: 'The frame is not a JPEG image.',
      }),
    },
  },
  {
    id: 'finishCapture',
    method: 'post',
    path: '/c/{secret}/finish',
    tag: 'Capture',
    summary: 'Submit the capture',
    description: 'Accepted before the link expires it is judged, even if the link expires meanwhile.',
    security: ['captureSession'],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: finishRequest.meta({ id: 'CaptureFinish' }),
      examples: {
        all: { frames: CAPTURE_FRAMES.count },
        with_camera: {
          frames: CAPTURE_FRAMES.count,
          camera: { label: 'FaceTime HD Camera', has_device: true, automated: false },
        },
      },
    },
    answers: {
      202: okInCases('The submission is being judged.', finishResponse, { processing: { state: 'processing' } }),
      ...problemAnswers({ ...withBody, ...open, too_few_frames: '2 of 8 frames arrived.' }),
    },
  },
  {
    id: 'abandonCapture',
    method: 'post',
    path: '/c/{secret}/abandon',
    tag: 'Capture',
    summary: 'Leave without a submission',
    description: 'Ends no check: the link stays good until it expires.',
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/json',
      schema: abandonRequest.meta({ id: 'CaptureAbandon' }),
      examples: { cancelled: { error: 'cancelled' } },
    },
    answers: {
      200: okInCases('Where to send the person.', abandonResponse, {
        left: { redirect_url: 'https://example.com/return?lc_token=u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q&error=cancelled' },
      }),
      ...problemAnswers(withBody),
    },
  },
];
