/** Our own rows about what is kept of checks and persons, and the keys by which receipts are verified. */
import {
  deletionReceiptsResponse,
  eraseResponse,
  erasureRequest,
  erasureResponse,
  exportResponse,
  jwksResponse,
} from '../records.ts';
import { EXAMPLE_RECEIPT, EXAMPLE_REFERENCE, type Operation, type Parameter, problemAnswers } from './operation.ts';
import { withSandbox } from './sandbox.ts';
import { ok, WITH_BODY, WITH_KEY } from './usual-answers.ts';

const ERASURE_ID = 'ers_Jk3w8m2TqVb0yR5nXc7dLp1aZs';

const everywhere = {
  ...WITH_KEY,
  invalid_request: 'The path is not valid.',
} as const;
const noCheck = { unknown_check: 'The reference is not valid.' } as const;

const reference: Parameter = {
  in: 'path',
  name: 'reference',
  required: true,
  description: "The check's, as in every answer about it. Test keys see checks of test keys only.",
  schema: { type: 'string', format: 'uuid' },
  example: EXAMPLE_REFERENCE,
};
const erasureId: Parameter = {
  in: 'path',
  name: 'erasureId',
  required: true,
  description: 'Begins with `ers_`.',
  schema: { type: 'string' },
  example: ERASURE_ID,
};

const erasure = {
  id: ERASURE_ID,
  state: 'under_way',
  checks_erased: 0,
  requested_at: '2026-01-01T12:00:00.000Z',
  finished_at: null,
};

const own = { tag: 'Records', security: ['bearer'] } as const;

const ofCallers: Operation[] = [
  {
    ...own,
    id: 'exportCheck',
    method: 'get',
    path: '/checks/{reference}/export',
    summary: 'Export a check',
    description:
      'Everything that is known of it, but for secrets: for the person it is about, or an auditor. That it was taken is noted in the audit log.',
    parameters: [reference],
    answers: {
      200: ok('All of it.', exportResponse, {
        reference: EXAMPLE_REFERENCE,
        check: { state: 'complete', passed: true, confidence: 98.41, threshold: 70 },
        frames: [{ attempt: 1, seq: 0, score: 0.9841, reasons: [] }],
        transitions: [{ from: null, event: 'create', to: 'pending', at: '2026-01-01T12:00:00.000Z' }],
        events: [],
        deliveries: [],
        images: [{ role: 'probe', image: 'data:image/jpeg;base64,/9j/4AAQSkZJRg==' }],
        receipt: EXAMPLE_RECEIPT,
        deletion_receipts: [],
        legal_hold: false,
      }),
      ...problemAnswers({ ...everywhere, ...noCheck }),
    },
  },
  {
    ...own,
    id: 'eraseCheck',
    method: 'delete',
    path: '/checks/{reference}',
    summary: 'Erase a check',
    description:
      'Now, in whatever state it is; an open one ends, and nobody is told. Asked again, it is answered again. The receipt says when the last key is destroyed that could open a copy of an image.',
    parameters: [reference],
    answers: {
      200: ok('It is gone; the signed receipts remain.', eraseResponse, {
        reference: EXAMPLE_REFERENCE,
        receipts: [EXAMPLE_RECEIPT],
      }),
      ...problemAnswers({
        ...everywhere,
        ...noCheck,
        check_held: 'A legal hold keeps the check; it cannot be erased now.',
      }),
    },
  },
  {
    ...own,
    id: 'listDeletionReceipts',
    method: 'get',
    path: '/checks/{reference}/deletion_receipts',
    summary: 'What was deleted of a check',
    description: 'And when: its images, its scores, its deliveries, itself. Also after it is gone.',
    parameters: [reference],
    answers: {
      200: ok('The oldest first; none when all is still there.', deletionReceiptsResponse, {
        reference: EXAMPLE_REFERENCE,
        receipts: [EXAMPLE_RECEIPT],
      }),
      ...problemAnswers({ ...everywhere, ...noCheck }),
    },
  },
  {
    ...own,
    id: 'createErasure',
    method: 'post',
    path: '/erasures',
    summary: 'Erase a person',
    description:
      'Every check that exists now and was made with this `person_reference`, within seconds. A test key erases what test keys made.',
    request: {
      type: 'application/json',
      schema: erasureRequest,
      examples: { person: { person_reference: 'customer-4711' } },
    },
    answers: {
      202: {
        ...ok('It is under way.', erasureResponse, erasure),
        headers: ['X-Request-ID', 'Cache-Control', 'Location'],
      },
      ...problemAnswers({
        ...everywhere,
        ...WITH_BODY,
        invalid_request: 'person_reference must be text of 1 to 200 characters.',
      }),
    },
  },
  {
    ...own,
    id: 'getErasure',
    method: 'get',
    path: '/erasures/{erasureId}',
    summary: 'How far an erasure is',
    description: 'Finished when no check of the person is left that there was when it was asked for.',
    parameters: [erasureId],
    answers: {
      200: ok('The erasure.', erasureResponse, {
        ...erasure,
        state: 'finished',
        checks_erased: 3,
        finished_at: '2026-01-01T12:00:03.114Z',
      }),
      ...problemAnswers({ ...everywhere, unknown_erasure: 'The id is not valid.' }),
    },
  },
];

export const recordOperations: Operation[] = [
  ...ofCallers.map(withSandbox),
  {
    id: 'showPublicKeys',
    method: 'get',
    path: '/.well-known/jwks.json',
    tag: 'Records',
    summary: 'The public keys of all receipts',
    description: 'Also those that sign no more: keep a copy, and a receipt can be verified without this server.',
    security: [],
    answers: {
      200: {
        description: 'The keys, the newest last.',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: {
          type: 'application/jwk-set+json',
          schema: jwksResponse,
          examples: {
            one: {
              keys: [
                {
                  kty: 'OKP',
                  crv: 'Ed25519',
                  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
                  kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
                  alg: 'EdDSA',
                  use: 'sig',
                },
              ],
            },
          },
        },
      },
    },
  },
];
