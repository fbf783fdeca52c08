/**
 * Child processes, one inference at a time each. A child that dies or hangs fails the one batch it held, by an error
 * that says how, and is replaced.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { ChildMessage, ChildRequest, ChildSettings, FrameFinding, HeadRequest } from './child-protocol.ts';

/** Why a batch came back without scores. `crashed` and `timeout` count towards poison. */
export class InferenceFailed extends Error {
  override readonly name = 'InferenceFailed';
  readonly kind: 'crashed' | 'timeout' | 'failed' | 'closed';

  constructor(kind: InferenceFailed['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export type InferencePool = {
  /** Scores the frames of one batch, in order, and observes the heads in them when asked to. Rejects with InferenceFailed. */
  run(frames: Uint8Array[], heads?: HeadRequest): Promise<FrameFinding[]>;
  /** Rejects unless a child is up with its models loaded. */
  requireReady(): Promise<void>;
  /** Ends the children; batches still running are rejected. */
  close(): Promise<void>;
};

type Options = {
  size: number;
  settings: ChildSettings;
  /** Milliseconds for one batch; then the child is killed. */
  limitMs: number;
  onChildLost: (why: string) => void;
  /** The child's program; replaced in tests by one that misbehaves. */
  program?: URL;
};

type Task = {
  request: ChildRequest;
  resolve: (scores: FrameFinding[]) => void;
  reject: (error: InferenceFailed) => void;
};
type Child = { process: ChildProcess; ready: boolean; task?: Task | undefined; timer?: NodeJS.Timeout | undefined };

// The engine and its models take about 150 MB; what grows beyond this is a leak or an attack.
const CHILD_HEAP_MB = 512;
// Loading the models takes a second or two, some more on a busy machine; a child that hangs there is replaced.
const START_LIMIT_MS = 30_000;
// A child that dies at once would otherwise be forked in a busy loop.
const RESPAWN_DELAY_MS = 200;

export function openInferencePool({
  size,
  settings,
  limitMs,
  onChildLost,
  program = defaultProgram(),
}: Options): InferencePool {
  const children = new Set<Child>();
  const waiting: Task[] = [];
  let closed = false;

  const spawnChild = () => {
    if (closed) return;
    const child: Child = {
      ready: false,
      process: fork(program, [JSON.stringify(settings)], {
        serialization: 'advanced',
        execArgv: [`--max-old-space-size=${CHILD_HEAP_MB}`],
        // No secrets: the child has no use for DATABASE_URL or keys.
        env: { TZ: 'UTC' },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    };
    children.add(child);
    child.timer = setTimeout(() => child.process.kill('SIGKILL'), START_LIMIT_MS);
    child.process.on('message', (message: ChildMessage) => receive(child, message));
    child.process.on('error', (error) => onChildLost(error.message));
    child.process.once('exit', (code, signal) => lose(child, `exit ${code ?? signal}`));
  };

  const receive = (child: Child, message: ChildMessage) => {
    if (message.kind === 'ready') {
      clearTimeout(child.timer);
      child.ready = true;
    } else {
      const task = release(child);
      if (message.kind === 'scored') task?.resolve(message.frames);
      else task?.reject(new InferenceFailed('failed', message.message));
    }
    dispatch();
  };

  const lose = (child: Child, why: string) => {
    const timedOut = child.timer === undefined && child.task !== undefined;
    children.delete(child);
    release(child)?.reject(
      closed
        ? new InferenceFailed('closed', 'the pool is closing')
        : new InferenceFailed(timedOut ? 'timeout' : 'crashed', why),
    );
    if (closed) return;
    onChildLost(why);
    setTimeout(spawnChild, RESPAWN_DELAY_MS).unref();
  };

  const release = (child: Child): Task | undefined => {
    const { task } = child;
    clearTimeout(child.timer);
    child.timer = undefined;
    child.task = undefined;
    return task;
  };

  const dispatch = () => {
    for (const child of children) {
      if (!child.ready || child.task) continue;
      const task = waiting.shift();
      if (!task) return;
      child.task = task;
      child.timer = setTimeout(() => {
        child.timer = undefined;
        child.process.kill('SIGKILL');
      }, limitMs);
      child.process.send(task.request);
    }
  };

  for (let count = 0; count < size; count += 1) spawnChild();

  return {
    run: (frames, heads) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new InferenceFailed('closed', 'the pool is closed'));
        waiting.push({ request: heads ? { frames, heads } : { frames }, resolve, reject });
        dispatch();
      }),
    requireReady: async () => {
      if (![...children].some((child) => child.ready)) throw new Error('no inference child is ready');
    },
    close: async () => {
      closed = true;
      for (const task of waiting.splice(0)) task.reject(new InferenceFailed('closed', 'the pool is closing'));
      await Promise.all([...children].map(endChild));
    },
  };
}

function endChild({ process }: Child): Promise<void> {
  return new Promise((resolve) => {
    if (process.exitCode !== null || process.signalCode !== null) return resolve();
    process.once('exit', () => resolve());
    process.kill('SIGKILL');
  });
}

// From source (tests) the compiled child is forked: a child process has no TypeScript loader.
function defaultProgram(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../dist/inference-child.js', import.meta.url)
    : new URL('./inference-child.js', import.meta.url);
}
