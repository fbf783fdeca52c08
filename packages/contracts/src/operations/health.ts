/** The health rows: no key, no reference, no log line. */
import { liveness, readinessState } from '../health.ts';
import type { Operation } from './operation.ts';

const readiness = (id: string, path: string, summary: string): Operation => ({
  id,
  method: 'get',
  path,
  tag: 'Health',
  summary,
  description: 'Asks every part that is needed; none is given longer than a second.',
  security: [],
  answers: {
    200: {
      description: 'Every part answers.',
      content: {
        type: 'application/json',
        schema: readinessState,
        examples: { ready: { ready: true, checks: { database: 'ok', draining: 'ok' } } },
      },
    },
    503: {
      description: 'A part does not answer, or the process is stopping.',
      content: {
        type: 'application/json',
        schema: readinessState,
        examples: { failing: { ready: false, checks: { database: 'failing', draining: 'ok' } } },
      },
    },
  },
});

export const healthOperations: Operation[] = [
  {
    id: 'isLive',
    method: 'get',
    path: '/livez',
    tag: 'Health',
    summary: 'Whether the process turns',
    description: 'Asks nothing else.',
    security: [],
    answers: {
      200: {
        description: 'It does.',
        content: { type: 'application/json', schema: liveness, examples: { live: { live: true } } },
      },
    },
  },
  readiness('isReady', '/readyz', 'Whether work can be done now'),
  readiness('isStarted', '/startupz', 'Whether the start is over'),
];
