import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { turningHead } from '@livegate/test-kit/turning-head';
import { describe, expect, it } from 'vitest';

const head = await turningHead();

describe.skipIf(!head)('the turn challenge', async () => {
  const stack = await startStack({ env: { LIVEGATE_LOG_LEVEL: 'warn' } });
  const backend = integrator(stack);
  const theHead = head as NonNullable<typeof head>;
  const create = (body = {}) => backend.create({ challenge: 'turn', threshold: 60, audit_images: 4, ...body });

  it('passes a person who does what is asked, by what the pictures show', async () => {
    const check = await create();
    const t0=performance.now();
    const turned = await captureClient(check.url).submitTurning(theHead);
    console.log(turned.prompts, turned.frames.length, performance.now()-t0, turned.last);
    const { rows } = await stack.db.query('select seq, step, score, reasons, head_turn, head_aspect, head_solidity from frames order by seq');
    console.table(rows);
    console.table((await stack.db.query('select step,prompt,hold_ms,ended,revealed_at,deadline_at from challenge_steps order by step')).rows);
    const { body } = await backend.untilDone(check.token);
    console.log(JSON.stringify(body).slice(0,300));
    expect(body.result).toMatchObject({ passed: true, reasons: [] });
  });
});
