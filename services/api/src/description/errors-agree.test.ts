import { ANSWER_HEADERS, type Operation, type Tag } from '@livegate/contracts/operations/operation';
import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { CodedError, ERROR_CODES, type ErrorCode } from '@livegate/domain/errors';
import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { sendGlobaldataError } from '../facades/globaldata/errors.ts';
import { sendKairosError } from '../facades/kairos/errors.ts';
import { sendSmartcomplyError } from '../facades/smartcomply/errors.ts';
import { sendVerifikError } from '../facades/verifik/errors.ts';
import { sendProblem } from '../http/problem-response.ts';
import { assignReference } from '../http/reference.ts';

// biome-ignore lint/suspicious/noExplicitAny: an example may have any shape; what it lacks fails the test
type Example = any;
type Contract = { send: ErrorRequestHandler; errorOf: (name: string, example: Example) => CodedError };

// Names of examples that are not the code of the error that they show.
const CODES: Record<string, string> = {
  missing: 'invalid_request',
  out_of_bounds: 'invalid_request',
  not_an_image: 'unreadable_image',
  too_large: 'body_too_large',
  limited: 'rate_limited',
};
const codeOf = (name: string) => (name in ERROR_CODES ? name : CODES[name]) as ErrorCode;
const smartcomplyCodes: Record<string, ErrorCode> = { missing: 'unauthenticated', wrong: 'unauthenticated' };
const inError = (_name: string, { error }: Example) =>
  new CodedError(error.code, error.message, error.field ? { field: error.field } : {});

const inProblem = (_name: string, { code, detail }: Example) => new CodedError(code, detail);

/** How an error arises of which an example is what the contract says. */
const CONTRACTS: Partial<Record<Tag, Contract>> = {
  GlobalData: { send: sendGlobaldataError, errorOf: inError },
  Kairos: { send: sendKairosError, errorOf: inError },
  Verifik: { send: sendVerifikError, errorOf: (name, { message }) => new CodedError(codeOf(name), message) },
  Smartcomply: {
    send: sendSmartcomplyError,
    errorOf: (name, { message }) => new CodedError(smartcomplyCodes[name] ?? codeOf(name), message),
  },
  Capture: { send: sendProblem, errorOf: inProblem },
  Webhooks: { send: sendProblem, errorOf: inProblem },
  Records: { send: sendProblem, errorOf: inProblem },
};

const examplesOf = ({ id, tag, answers }: Operation) =>
  Object.entries(answers)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { headers = [], content }]) =>
      Object.entries(content?.examples ?? {}).map(([name, example]) => ({ id, tag, status, name, headers, example })),
    );
// GlobalData's 410 says where a check stands; it is no error.
const examples = OPERATIONS.filter(({ tag }) => CONTRACTS[tag])
  .flatMap(examplesOf)
  .filter(({ example }) => (example as Example).status !== 'expired');

// Given by what stands in front of every route.
const GIVEN = ['X-Request-ID', 'Cache-Control'];
const withoutReference = ({ reference, api_req_uid, ...rest }: Example) => rest;

describe('an error answers as its example in the description', () => {
  it('has examples to look at', () => {
    expect(examples.length).toBeGreaterThan(60);
  });

  it.each(examples)('$id $status $name', async ({ tag, status, name, headers, example }) => {
    const { send, errorOf } = CONTRACTS[tag] as Contract;
    const app = express().use(assignReference);
    app.use(() => {
      throw errorOf(name, example);
    }, send);
    const response = await request(app).get('/');
    expect([response.status, withoutReference(response.body)]).toEqual([Number(status), withoutReference(example)]);
    for (const header of headers)
      if (ANSWER_HEADERS[header].required && !GIVEN.includes(header))
        expect(response.get(header), header).toBeDefined();
  });
});
