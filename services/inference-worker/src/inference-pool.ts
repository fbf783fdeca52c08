/**
 * Child processes, on the CPU one batch at a time each. A child that dies or hangs fails what it held, by an error that
 * says how, and is replaced.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type {
  BatchRequest,
  ChildMessage,
  ChildRequest,
  ChildSettings,
  FrameFinding,
  HeadRequest,
} from './child-protocol.ts';

/** Why a batch came back without scores. `crashed` and `timeout` count towards poison; `unavailable`: no child could be had. */
export class InferenceFailed extends Error {
  override readonly name = 'InferenceFailed';
  readonly kind: 'crashed' | 'timeout' | 'failed' | 'unavailable' | 'closed';

  constructor(kind: InferenceFailed['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export type InferencePool = {
  /** Scores the frames of one batch, in order, and observes the heads in them when asked to. Rejects with InferenceFailed. */
  run(frames: Uint8Array[], heads?: HeadRequest): Promise<FrameFinding[]>;
  /** The same, alone in a fresh child that ends afterwards: for a batch in whose presence children died. */
  runAlone(frames: Uint8Array[], heads?: HeadRequest): Promise<FrameFinding[]>;
  /** Rejects unless a child is up with its models loaded. */
  requireReady(): Promise<void>;
  /** Ends the children; batches still running are rejected. */
  close(): Promise<void>;
};

type Options = {
  size: number;
  /** Batches that a child holds at once: 1 on the CPU; on a GPU several, which it joins. */
  tasksPerChild?: number;
  settings: ChildSettings;
  /** Milliseconds for one batch; then the child is killed. */
  limitMs: number;
  onChildLost: (why: string) => void;
  /** The child's program; replaced in tests by one that misbehaves. */
  program?: URL;
};

type Task = {
  batch: BatchRequest;
  resolve: (scores: FrameFinding[]) => void;
  reject: (error: InferenceFailed) => void;
};
type RunningTask = Task & { timer: NodeJS.Timeout };
type Child = {
  process: ChildProcess;
  ready: boolean;
  startTimer?: NodeJS.Timeout;
  tasks: Map<number, RunningTask>;
  /** Set before a child is killed for hanging: what it held has timed out, not crashed. */
  hangs: boolean;
  /** Made for this task alone; ends with it. */
  onlyFor?: Task | undefined;
};

// The engine and its models take about 150 MB; what grows beyond this is a leak or an attack.
const CHILD_HEAP_MB = 512;
// Loading the models takes a second or two, some more on a busy machine; a child that hangs there is replaced.
const START_LIMIT_MS = 30_000;
// A child that dies at once would otherwise be forked in a busy loop.
const RESPAWN_DELAY_MS = 200;

export function openInferencePool({
  size,
  tasksPerChild = 1,
  settings,
  limitMs,
  onChildLost,
  program = defaultProgram(),
}: Options): InferencePool {
  const children = new Set<Child>();
  const waiting: Task[] = [];
  let closed = false;
  let lastTask = 0;

  const spawnChild = (onlyFor?: Task) => {
    if (closed) return;
    const process = forkChild(program, settings);
    // It will not exit, and a signal to it would go to this whole process group.
    if (process.pid === undefined) return void process.on('error', ({ message }) => missChild(message, onlyFor));
    const child: Child = { ready: false, tasks: new Map(), hangs: false, onlyFor, process };
    children.add(child);
    child.startTimer = setTimeout(() => process.kill('SIGKILL'), START_LIMIT_MS);
    process.on('message', (message: ChildMessage) => receive(child, message));
    process.on('error', (error) => onChildLost(error.message));
    process.once('exit', (code, signal) => lose(child, `exit ${code ?? signal}`));
  };

  /** The machine has no room for one more process or open file. That is not the fault of whoever waits for it. */
  const missChild = (why: string, onlyFor?: Task) => {
    onChildLost(why);
    if (onlyFor) onlyFor.reject(new InferenceFailed(closed ? 'closed' : 'unavailable', why));
    else setTimeout(spawnChild, RESPAWN_DELAY_MS).unref();
  };

  const receive = (child: Child, message: ChildMessage) => {
    if (message.kind === 'ready') {
      clearTimeout(child.startTimer);
      child.ready = true;
    } else {
      const task = release(child, message.task);
      if (message.kind === 'scored') task?.resolve(message.frames);
      else task?.reject(new InferenceFailed('failed', message.message));
      if (child.onlyFor) {
        child.ready = false;
        child.process.kill('SIGKILL');
      }
    }
    dispatch();
  };

  const lose = (child: Child, why: string) => {
    children.delete(child);
    clearTimeout(child.startTimer);
    const failure = closed
      ? new InferenceFailed('closed', 'the pool is closing')
      : new InferenceFailed(child.hangs ? 'timeout' : 'crashed', why);
    for (const number of [...child.tasks.keys()]) release(child, number)?.reject(failure);
    // One that died before it took its task has failed it all the same.
    child.onlyFor?.reject(failure);
    if (closed || child.onlyFor) return;
    onChildLost(why);
    setTimeout(spawnChild, RESPAWN_DELAY_MS).unref();
  };

  const release = (child: Child, number: number): Task | undefined => {
    const task = child.tasks.get(number);
    clearTimeout(task?.timer);
    child.tasks.delete(number);
    return task;
  };

  const dispatch = () => {
    for (const child of children) {
      const most = child.onlyFor ? 1 : tasksPerChild;
      while (child.ready && child.tasks.size < most) {
        const task = child.onlyFor ?? waiting.shift();
        if (!task) break;
        lastTask += 1;
        const timer = setTimeout(() => {
          child.hangs = true;
          child.process.kill('SIGKILL');
        }, limitMs);
        child.tasks.set(lastTask, { ...task, timer });
        child.process.send({ task: lastTask, ...task.batch } satisfies ChildRequest);
      }
    }
  };

  for (let count = 0; count < size; count += 1) spawnChild();

  return {
    run: (frames, heads) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new InferenceFailed('closed', 'the pool is closed'));
        waiting.push({ batch: { frames, heads }, resolve, reject });
        dispatch();
      }),
    runAlone: (frames, heads) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new InferenceFailed('closed', 'the pool is closed'));
        spawnChild({ batch: { frames, heads }, resolve, reject });
      }),
    requireReady: async () => {
      if (![...children].some((child) => child.ready && !child.onlyFor)) throw new Error('no inference child is ready');
    },
    close: async () => {
      closed = true;
      for (const task of waiting.splice(0)) task.reject(new InferenceFailed('closed', 'the pool is closing'));
      await Promise.all([...children].map(endChild));
    },
  };
}

function forkChild(program: URL, settings: ChildSettings): ChildProcess {
  return fork(program, [JSON.stringify(settings)], {
    serialization: 'advanced',
    // A child has one core: V8's helper threads cost it more than they save (packages/inference/README.md).
    execArgv: [`--max-old-space-size=${CHILD_HEAP_MB}`, '--single-threaded-gc'],
    // No secrets: the child has no use for DATABASE_URL or keys.
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
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
