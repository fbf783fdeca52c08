/** An S3 server over real HTTP: the one at TEST_S3_URL (`s3://bucket/prefix?endpoint=…`), else one from npm. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll } from 'vitest';
import { freePort } from './global-setup.ts';

export type TestS3 = {
  url: string;
  /** Whether it answers with a part of a long list: the npm server cannot (it asks OpenSSL for DES). */
  truncates: boolean;
  stop(): Promise<void>;
};

/** A prefix of its own in a bucket. Stopped after the file's last test. */
export async function startS3(): Promise<TestS3> {
  const prefix = `test-${Date.now()}-${process.pid}`;
  const given = process.env.TEST_S3_URL;
  if (given) {
    const url = new URL(given);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${prefix}`;
    return { url: url.href, truncates: true, stop: async () => undefined };
  }
  process.stderr.write('\n*** SKIPPED: TEST_S3_URL is not set: no list longer than a page is tested ***\n\n');
  const directory = await mkdtemp(join(tmpdir(), 'livegate-s3-'));
  const port = await freePort();
  const server = new S3rver({
    port,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'frames', configs: [] }],
  });
  await server.run();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= server.close().then(() => rm(directory, { recursive: true }));
    return stopping;
  };
  afterAll(stop);
  // What the server takes; the AWS SDK reads them from where operators put theirs.
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  const endpoint = encodeURIComponent(`http://127.0.0.1:${port}`);
  return { url: `s3://frames/${prefix}?endpoint=${endpoint}`, truncates: false, stop };
}
