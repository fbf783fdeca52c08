/** The rows of the sandbox, and what a test key adds to the rows of every contract. */
import { SCENARIOS } from '@livegate/domain/sandbox';
import { z } from 'zod';
import { type Answer, type Operation, type Parameter, problemAnswers } from './operation.ts';
import { ANY_ROUTE, linkSecret } from './usual-answers.ts';

const scenarioHeader: Parameter = {
  in: 'header',
  name: 'X-Sandbox-Scenario',
  required: false,
  description: 'For test keys: what the sandbox plays. Refused with a live key.',
  schema: { type: 'string', enum: Object.keys(SCENARIOS) },
};

/** The row as a test key sees it, too. */
export function withSandbox(operation: Operation): Operation {
  const marked = (answer: Answer): Answer => ({
    ...answer,
    headers: [...(answer.headers ?? []), 'X-Sandbox', 'X-Sandbox-Scenario'],
  });
  return {
    ...operation,
    parameters: [...(operation.parameters ?? []), scenarioHeader],
    answers: Object.fromEntries(Object.entries(operation.answers).map(([status, answer]) => [status, marked(answer)])),
  };
}

const scenarioList = z
  .object({ scenarios: z.array(z.object({ name: z.string(), meaning: z.string(), image: z.url() })) })
  .meta({ id: 'SandboxScenarios' });

export const sandboxOperations: Operation[] = [
  {
    id: 'listSandboxScenarios',
    method: 'get',
    path: '/sandbox/scenarios',
    tag: 'Sandbox',
    summary: 'List the scenarios',
    description: 'Each with an image that chooses it where no header can be sent.',
    security: [],
    answers: {
      200: {
        description: 'The scenarios.',
        headers: ['X-Request-ID'],
        content: {
          type: 'application/json',
          schema: scenarioList,
          examples: {
            one: {
              scenarios: [
                {
                  name: 'live',
                  meaning: SCENARIOS.live?.meaning,
                  image: 'https://livegate.example.com/sandbox/images/live.png',
                },
              ],
            },
          },
        },
      },
    },
  },
  {
    id: 'showSandboxImage',
    method: 'get',
    path: '/sandbox/images/{file}',
    tag: 'Sandbox',
    summary: 'The image of a scenario',
    description: 'Its bytes never change: keep it beside your tests. Sent with a test key, it plays its scenario.',
    security: [],
    parameters: [
      {
        in: 'path',
        name: 'file',
        required: true,
        description: "The scenario's name and `.png`.",
        schema: { type: 'string' },
        example: 'live.png',
      },
    ],
    answers: {
      200: {
        description: 'The image.',
        headers: ['X-Request-ID'],
        content: { type: 'image/png', schema: z.file().meta({ id: 'SandboxImage' }), examples: {} },
      },
      ...problemAnswers({ not_found: 'There is no scenario of this name.' }),
    },
  },
  {
    id: 'chooseSandboxScenario',
    method: 'post',
    path: '/c/{secret}',
    tag: 'Sandbox',
    summary: 'Choose on the page what a check of the sandbox plays',
    description: "What the form of a test key's link sends.",
    security: [],
    parameters: [linkSecret],
    request: {
      type: 'application/x-www-form-urlencoded',
      schema: z.object({ scenario: z.string() }).meta({ id: 'SandboxChoice' }),
      examples: { live: { scenario: 'live' } },
    },
    answers: {
      303: {
        description: 'It plays from now on: back to the page.',
        headers: ['X-Request-ID', 'Location'],
        content: null,
      },
      ...problemAnswers({
        invalid_request: 'scenario must be one that a hosted check can play.',
        malformed_body: 'The body ended early.',
        body_too_large: 'The body is larger than this route accepts.',
        unsupported_media_type: 'Compressed bodies are not accepted.',
        unknown_link: 'This link is not valid.',
        capture_closed: 'The check plays a scenario already, or is over.',
        ...ANY_ROUTE,
      }),
    },
  },
];
