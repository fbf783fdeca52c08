import { createHash } from 'node:crypto';
import { verifyReceipt } from '@livegate/client/verify-receipt';
import type { Jwks } from '@livegate/crypto/signing-ring';
import { type CaptureClient, captureClient, promptedPose } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { attackFace, emptyRoom } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { tiltedPhoto, turningHead } from '@livegate/test-kit/turning-head';
import { describe, expect, it } from 'vitest';

const head = await turningHead();

describe.skipIf(!head)('the turn challenge', async () => {
  const stack = await startStack();
  const backend = integrator(stack);
  const theHead = head as NonNullable<typeof head>;

  /** A check with one attempt only, so that its end tells what became of that attempt. */
  async function create({ attempts = 1 } = {}) {
    const check = await backend.create({ challenge: 'turn', threshold: 60, audit_images: 4 });
    await stack.db.query('update checks set attempts_allowed = $2 where token = $1', [check.token, attempts]);
    return check;
  }
  const setSteps = (token: string, change: string, step = -1) =>
    stack.db.query(
      `update challenge_steps set ${change}
        where check_id = (select id from checks where token = $1) and (step = $2 or $2 = -1) and (nonce is not null or step = $2)`,
      [token, step],
    );
  const keys = async () => (await (await fetch(`${stack.url}/.well-known/jwks.json`)).json()) as Jwks;

  /** SHA-256 of the steps that were asked and the frames that came, as Postgres prints a jsonb value. */
  async function transcriptHash(token: string): Promise<string> {
    return stack.db.transaction(async (tx) => {
      await tx.query(`set local timezone to 'UTC'`);
      const { rows } = await tx.query('select id, attempt from checks where token = $1', [token]);
      const { id, attempt } = rows[0];
      const steps = await tx.query(
        'select to_json(asked) as line from challenge_steps asked where check_id = $1 and attempt = $2 order by step',
        [id, attempt],
      );
      const frames = await tx.query(
        `select seq, to_json(received_at) as received_at, encode(sha256, 'hex') as sha256, step, claimed_ms
           from frames where check_id = $1 and attempt = $2 order by seq`,
        [id, attempt],
      );
      const transcript = { challenge: 'turn', attempt, steps: steps.rows.map(({ line }) => line), frames: frames.rows };
      return createHash('sha256').update(jsonbText(transcript)).digest('hex');
    });
  }
  const outcomeOf = async (token: string) => (await backend.untilDone(token)).body;

  it('passes a person who does what is asked, by what the pictures show, and signs the hash of what was asked and came', async () => {
    const check = await create();
    const { prompts, frames } = await captureClient(check.url).submitTurning(theHead);
    expect(prompts[0]).toBe('center');
    expect(prompts.length).toBeGreaterThanOrEqual(4);
    const body = await outcomeOf(check.token);
    expect(body).toMatchObject({ status: 'complete', result: { passed: true, reasons: [] } });
    expect(body.result.confidence).toBeGreaterThan(60);
    expect(body.result.audit_images).toHaveLength(4);
    // The probe looks ahead: it is one of the frames before the first move.
    const probe = Buffer.from(body.result.image.split(',')[1], 'base64');
    const steps = (
      await stack.db.query('select seq from frames join checks on checks.id = check_id where token = $1 and step = 0', [
        check.token,
      ])
    ).rows.map((row) => row.seq as number);
    expect(steps.some((seq) => frames[seq]?.equals(probe))).toBe(true);
    // Made anew from the rows, by no function of the product.
    const { challenge } = await verifyReceipt(body.result.receipt, await keys());
    expect(challenge).toEqual({ kind: 'turn', transcript_sha256: await transcriptHash(check.token) });
    await setSteps(check.token, 'hold_ms = hold_ms + 1', 0);
    expect(await transcriptHash(check.token)).not.toBe(challenge.transcript_sha256);
  });

  it('reveals one step at a time, and keeps no landmark', async () => {
    const check = await create();
    await captureClient(check.url).start();
    const { rows } = await stack.db.query(
      `select count(nonce)::int as revealed, count(*)::int as drawn from challenge_steps
        where check_id = (select id from checks where token = $1)`,
      [check.token],
    );
    expect(rows[0].revealed).toBe(1);
    expect(rows[0].drawn).toBeGreaterThanOrEqual(4);
    const columns = await stack.db.query(
      `select data_type from information_schema.columns where table_name = 'frames' and column_name like 'head%'`,
    );
    expect(columns.rows.map((row) => row.data_type)).toEqual(Array(3).fill('double precision'));
  });

  it('refuses a recorded good session that is played back', async () => {
    const recorded = await captureClient((await create()).url).submitTurning(theHead);
    const played = await create();
    const at = { frame: 0 };
    const playback = async () => recorded.frames[at.frame++ % recorded.frames.length] as Buffer;
    const first = recorded.prompts[1] === 'left' ? 'right' : 'left';
    await captureClient(played.url).submitTurning(playback, {
      // Eight sequences in nine differ; this makes sure that this one does.
      afterFrame: async ({ seq }) => {
        if (seq === 0) await setSteps(played.token, `prompt = '${first}'`, 1);
      },
    });
    expect(await outcomeOf(played.token)).toMatchObject({
      status: 'failed',
      result: { passed: false, reasons: ['CHALLENGE_NOT_FOLLOWED'] },
    });
    // And it is seen that these are the frames of another check.
    expect((await outcomeOf(played.token)).result.risk_signals).toContain('SEEN_BEFORE');
  });

  it('fails what passes but was seen before, where the client wants it so', async () => {
    await stack.db.query("update clients set risk_policy = 'fail'");
    try {
      const check = await create();
      await captureClient(check.url).submitTurning(theHead);
      expect(await outcomeOf(check.token)).toMatchObject({
        status: 'complete',
        result: { passed: false, confidence: 0, reasons: ['INJECTION_SUSPECTED'] },
      });
    } finally {
      await stack.db.query("update clients set risk_policy = 'report'");
    }
  });

  it('refuses frames of another check, late frames and reordered ones, each with its code', async () => {
    const [mine, other] = [await create(), await create()];
    const [person, stranger] = [captureClient(mine.url), captureClient(other.url)];
    const { nonce } = (await person.start()).body.challenge;
    const foreign = (await stranger.start()).body.challenge.nonce;
    const jpeg = await theHead(0);
    expect((await person.putFrame(0, jpeg, foreign)).body).toMatchObject({ code: 'challenge_unknown', status: 409 });
    expect((await person.putFrame(0, jpeg)).body).toMatchObject({ code: 'challenge_unknown' });
    expect((await person.putFrame(3, jpeg, nonce)).status).toBe(200);
    expect((await person.putFrame(2, jpeg, nonce)).body).toMatchObject({ code: 'frame_out_of_order', status: 409 });
    // The same place again is a retry, and changes nothing.
    expect((await person.putFrame(3, jpeg, nonce)).status).toBe(200);
    await setSteps(mine.token, 'deadline_at = now()');
    expect((await person.putFrame(4, jpeg, nonce)).body).toMatchObject({ code: 'challenge_too_late', status: 409 });
  });

  it('says so when a step was not reached in time', async () => {
    const check = await create();
    const person = captureClient(check.url);
    await person.submitTurning(theHead, {
      poseFor: () => 0,
      afterFrame: async ({ challenge }) => {
        if (challenge.step === 1) await setSteps(check.token, 'deadline_at = now()');
      },
    });
    expect(await outcomeOf(check.token)).toMatchObject({
      status: 'failed',
      failure_reason: 'attempts_exhausted',
      result: { passed: false, reasons: ['CHALLENGE_TOO_LATE'] },
    });
  });

  it('refuses a head that turns the other way, and lets the person try again', async () => {
    const check = await create({ attempts: 2 });
    const person = captureClient(check.url);
    await person.submitTurning(theHead, { poseFor: (challenge) => -promptedPose(challenge) });
    const status = await eventually(async () => {
      const { body } = await person.status();
      return body.state === 'retry' && body;
    });
    expect(status).toMatchObject({ attempt: 2, words: expect.stringContaining('arrow') });
    await person.submitTurning(theHead);
    expect(await outcomeOf(check.token)).toMatchObject({ result: { passed: true } });
  });

  it('sees that a photo tilted by hand is flat', async () => {
    const check = await create();
    await captureClient(check.url).submitTurning(await tiltedPhoto(theHead), {
      afterFrame: async ({ seq }) => {
        // Sixteen frames are enough of it.
        if (seq === 16) await setSteps(check.token, 'deadline_at = now()');
      },
    });
    expect(await outcomeOf(check.token)).toMatchObject({
      status: 'complete',
      result: { passed: false, confidence: 0, reasons: ['FLAT_MOTION'] },
    });
  });

  it.each(['minivision-image_F1', 'minivision-image_F2'] as const)('never passes the print %s', async (name) => {
    const print = await attackFace(name);
    if (!print) return;
    const check = await create();
    await captureClient(check.url).submitTurning(async () => print, {
      afterFrame: async ({ seq }) => {
        if (seq === 8) await setSteps(check.token, 'deadline_at = now()');
      },
    });
    const body = await outcomeOf(check.token);
    expect(body.result.passed).toBe(false);
    expect(['PRESENTATION_ATTACK', 'CHALLENGE_TOO_LATE', 'BLURRED']).toContain(body.result.reasons[0]);
  });

  it('says that there was no face', async () => {
    const room = await emptyRoom();
    const check = await create();
    await captureClient(check.url).submitTurning(async () => room, {
      afterFrame: async ({ seq }) => {
        if (seq === 5) await setSteps(check.token, 'deadline_at = now()');
      },
    });
    expect(await outcomeOf(check.token)).toMatchObject({ status: 'failed', result: { reasons: ['NO_FACE'] } });
  });

  it('counts a start after the first move was asked for as an attempt: no waiting for a sequence that fits', async () => {
    const check = await create({ attempts: 2 });
    const person = captureClient(check.url);
    for (let start = 0; start < 5; start += 1) expect((await person.start()).status).toBe(200);
    await startAgainInTheMiddle(person);
    const status = await eventually(async () => {
      const { body } = await person.status();
      return body.state === 'retry' && body;
    });
    expect(status).toMatchObject({ attempt: 2 });
    await startAgainInTheMiddle(person);
    expect(await outcomeOf(check.token)).toMatchObject({
      status: 'failed',
      result: { reasons: ['CHALLENGE_NOT_FOLLOWED'] },
    });
  });

  async function startAgainInTheMiddle(person: CaptureClient): Promise<void> {
    const reloaded = person.otherTab();
    let answer: unknown;
    await person.submitTurning(theHead, {
      afterFrame: async ({ challenge }) => {
        if (challenge.step === 1 && !answer) answer = (await reloaded.start()).body.code;
      },
    });
    expect(answer).toBe('capture_closed');
  }
});

/** As Postgres prints jsonb: keys by length, then by letter; a space after each colon and comma. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const entries = keys.map((key) => `${JSON.stringify(key)}: ${jsonbText((value as Record<string, unknown>)[key])}`);
  return `{${entries.join(', ')}}`;
}
