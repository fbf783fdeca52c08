/**
 * The outside world: integrators who create and poll checks, people who follow links or do not, and one-shot callers. What was
 * sent and what was answered is kept, for the checker; a request without an answer may have happened or not.
 */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import type { History } from './history.ts';
import { type Random, seededRandom } from './seeded-random.ts';

/** One thing the outside world set out to do, and how far it got as far as it knows. */
export type Op = {
  id: string;
  kind: 'hosted' | 'instant';
  /** With an Idempotency-Key it is repeated until answered, and happens once. */
  idempotent: boolean;
  /** The answer to the create, once there was one. */
  created: { token: string; url: string; secret: string; reference: string } | null;
  /** Of the person's browser, once it has looked. */
  cookie: string;
  /** The submission was answered 202. */
  submitted: boolean;
  /** The answer of a one-shot call that gave a verdict. */
  instant: { reference: string; passed: boolean } | null;
  /** Every different answer to GET, in order. */
  polled: { status: number; outcome: string }[];
};

export type Load = {
  ops: Op[];
  /** Stops at once: what is under way stays without an answer. */
  stop(): Promise<void>;
};

type Target = { url: string; apiKey: string; webhookUrl: string };
type LoadOptions = { target: Target; seed: number; people: number; history: History; pauseMs?: number };

const REQUEST_LIMIT_MS = 12_000;
const FRAMES = 8;
const RETRY_PAUSE_MS = 400;

export async function startLoad({ target, seed, people, history, pauseMs = 300 }: LoadOptions): Promise<Load> {
  const images = { face: await genuineFace(), room: await emptyRoom() };
  const ops: Op[] = [];
  const over = new AbortController();
  // Everybody listens to the one end.
  setMaxListeners(0, over.signal);
  const world: World = { target, images, ops, history, over: over.signal };
  const running = Array.from({ length: people }, async (_, person) => {
    const random = seededRandom(seed * 1_000 + person);
    while (!over.signal.aborted) {
      await live(world, random).catch((error: Error) => {
        if (!over.signal.aborted) history.note({ type: 'info', what: 'gave up', detail: error.message });
      });
      await rest(random.between(0, 2 * pauseMs), over.signal);
    }
  });
  return {
    ops,
    stop: async () => {
      over.abort();
      await Promise.all(running);
    },
  };
}

type World = {
  target: Target;
  images: { face: Buffer; room: Buffer };
  ops: Op[];
  history: History;
  over: AbortSignal;
};

/** What a person or a caller does next: THE table, with how often. */
const LIVES: { share: number; live: (world: World, random: Random) => Promise<void> }[] = [
  { share: 50, live: (world, random) => visit(world, random, 'face') },
  { share: 8, live: (world, random) => visit(world, random, 'room') },
  { share: 10, live: (world, random) => visit(world, random, 'leaves') },
  { share: 10, live: (world, random) => visit(world, random, 'never comes') },
  { share: 22, live: oneShot },
];

async function live(world: World, random: Random): Promise<void> {
  const chances = LIVES.flatMap(({ share, live: one }) => Array.from({ length: share }, () => one));
  await random.pick(chances)(world, random);
}

/** An integrator creates a hosted check, its person does as they do, and the integrator polls. */
async function visit(world: World, random: Random, person: 'face' | 'room' | 'leaves' | 'never comes'): Promise<void> {
  const op = newOp(world, 'hosted', random.next() < 0.7);
  await create(world, op);
  if (!op.created) return;
  await poll(world, op);
  if (person === 'never comes') return;
  const attempts = person === 'room' ? 3 : 1;
  for (let attempt = 0; attempt < attempts && !world.over.aborted; attempt += 1) {
    await capture(world, op, {
      image: person === 'face' ? world.images.face : world.images.room,
      leaves: person === 'leaves',
    });
    if (person === 'leaves') return;
    await pollUntilMoved(world, op);
  }
}

async function create(world: World, op: Op): Promise<void> {
  const body = {
    // The return URL names the operation: a check nobody was told of can still be told apart from one nobody asked for.
    return_url: `https://example.com/return?op=${op.id}`,
    webhook_url: world.target.webhookUrl,
    threshold: 50,
    challenge: 'none',
  };
  const answer = await send(world, op, {
    what: 'create',
    path: '/liveness_check',
    init: {
      method: 'POST',
      headers: { ...json(world), ...(op.idempotent ? { 'idempotency-key': op.id } : {}) },
      body: JSON.stringify(body),
    },
    tries: op.idempotent ? Number.POSITIVE_INFINITY : 1,
  });
  if (answer?.status === 201) op.created = answer.body as Op['created'];
}

async function capture(world: World, op: Op, { image, leaves }: { image: Buffer; leaves: boolean }): Promise<void> {
  const link = new URL(op.created?.url ?? '').pathname;
  const step = (what: string, init: RequestInit) => {
    const headers = { ...init.headers, ...(op.cookie ? { cookie: op.cookie } : {}) };
    return send(world, op, { what, path: `${link}/${what}`, init: { ...init, headers }, tries: 8 });
  };
  // As the page does: its cookie is there before it starts.
  if (!op.cookie) op.cookie = (await step('status', {}))?.cookie ?? '';
  const started = await step('start', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  if (started?.status !== 200) return;
  const session = { 'x-capture-session': String((started.body as { session: string }).session) };
  for (let seq = 0; seq < (leaves ? 3 : FRAMES); seq += 1) {
    const headers = { 'content-type': 'image/jpeg', ...session };
    const put = await step(`frames/${seq}`, { method: 'PUT', headers, body: new Uint8Array(image) });
    if (put?.status !== 204) return;
  }
  if (leaves) return;
  const headers = { 'content-type': 'application/json', ...session };
  const finished = await step('finish', { method: 'POST', headers, body: JSON.stringify({ frames: FRAMES }) });
  if (finished?.status === 202) op.submitted = true;
}

async function pollUntilMoved(world: World, op: Op): Promise<void> {
  for (let polls = 0; polls < 60 && !world.over.aborted; polls += 1) {
    const status = await poll(world, op);
    if (status === 200 || status === 410) return;
    // Handed back for another attempt: the person sees it, the integrator does not.
    const page = await send(world, op, {
      what: 'status',
      path: `${new URL(op.created?.url ?? '').pathname}/status`,
      init: {},
      tries: 1,
    });
    if ((page?.body as { state?: string } | undefined)?.state === 'retry') return;
    await rest(400, world.over);
  }
}

/** One GET; returns its status, or null without an answer. */
async function poll(world: World, op: Op): Promise<number | null> {
  const path = `/liveness_check?token=${op.created?.token}`;
  const answer = await send(world, op, { what: 'get', path, init: { headers: json(world) }, tries: 1 });
  if (!answer || answer.status >= 500) return null;
  const outcome = outcomeOf(answer.body);
  const last = op.polled.at(-1);
  if (last?.status !== answer.status || last.outcome !== outcome) op.polled.push({ status: answer.status, outcome });
  return answer.status;
}

/** What of a GET's answer must never change once it was given: state and verdict, not the images. */
export function outcomeOf(body: unknown): string {
  const { status, result } = body as { status?: string; result?: { passed?: boolean; confidence?: number } };
  return result ? `${status} ${result.passed} ${result.confidence}` : String(status);
}

async function oneShot(world: World, random: Random): Promise<void> {
  const op = newOp(world, 'instant', false);
  const image = random.next() < 0.8 ? world.images.face : world.images.room;
  const answer = await send(world, op, {
    what: 'one-shot',
    path: '/v2/face-recognition/liveness',
    init: {
      method: 'POST',
      headers: json(world),
      body: JSON.stringify({ os: 'DESKTOP', image: image.toString('base64') }),
    },
    tries: 1,
    limitMs: 20_000,
  });
  if (answer?.status !== 200) return;
  const { data } = answer.body as { data: { passed: boolean } };
  op.instant = { reference: answer.reference, passed: data.passed };
}

function newOp({ ops }: World, kind: Op['kind'], idempotent: boolean): Op {
  const op: Op = {
    id: randomUUID(),
    kind,
    idempotent,
    created: null,
    cookie: '',
    submitted: false,
    instant: null,
    polled: [],
  };
  ops.push(op);
  return op;
}

type Sending = { what: string; path: string; init: RequestInit; tries: number; limitMs?: number };
type Answer = { status: number; reference: string; cookie: string; body: unknown };

/** Sends, and again after no answer or a 5xx while tries are left; null when the last one had no answer. */
async function send(world: World, op: Op, { what, path, init, tries, limitMs }: Sending): Promise<Answer | null> {
  const { history, over, target } = world;
  for (let attempt = 1; ; attempt += 1) {
    history.note({ type: 'invoke', what, op: op.id });
    const answer = await once(target.url + path, { ...init, limitMs: limitMs ?? REQUEST_LIMIT_MS, over }).catch(
      (error: Error) => {
        history.note({ type: 'info', what, op: op.id, detail: error.message });
        return null;
      },
    );
    if (answer) history.note({ type: answer.status < 500 ? 'ok' : 'fail', what, op: op.id, detail: answer.status });
    const settled = answer !== null && answer.status < 500;
    if (settled || attempt >= tries || over.aborted) return answer;
    await rest(RETRY_PAUSE_MS, over);
  }
}

async function once(
  url: string,
  { limitMs, over, ...init }: RequestInit & { limitMs: number; over: AbortSignal },
): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.any([AbortSignal.timeout(limitMs), over]) });
  const text = await response.text();
  return {
    status: response.status,
    reference: response.headers.get('x-request-id') ?? '',
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    body: text ? JSON.parse(text) : {},
  };
}

function json({ target }: World): Record<string, string> {
  return { authorization: `Bearer ${target.apiKey}`, 'content-type': 'application/json' };
}

const rest = (ms: number, over: AbortSignal) => pause(ms, undefined, { signal: over }).catch(() => undefined);
