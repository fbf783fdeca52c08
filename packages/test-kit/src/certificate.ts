/** A certificate that is its own authority, for an api that speaks https in a test. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const run = promisify(execFile);

export type TestCertificate = { certPath: string; keyPath: string };

/** For localhost and 127.0.0.1; null, said loudly, where there is no openssl. Deleted after the file's last test. */
export async function makeCertificate(): Promise<TestCertificate | null> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-tls-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const made = { certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') };
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const subject = ['-subj', '/CN=localhost', '-addext', names, '-days', '2', '-nodes'];
  const pair = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-keyout',
    made.keyPath,
    '-out',
    made.certPath,
  ];
  try {
    await run('openssl', ['req', '-x509', ...pair, ...subject]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stderr.write('\n*** SKIPPED: no openssl found: nothing is tested over https ***\n\n');
    return null;
  }
  return made;
}
