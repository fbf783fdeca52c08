import { once } from 'node:events';
import { createServer } from 'node:net';

// Below every usual range of ephemeral ports: between a crash and the restart no outgoing connection may be given it.
const LOWEST = 12_000;
const HIGHEST = 28_000;

/** A port that is free now, and that a server which is killed and started again will find free. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ]);
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
