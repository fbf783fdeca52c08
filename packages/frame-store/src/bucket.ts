/** One prefix of one S3 bucket. Every failure of the store is `unavailable`: the caller may try again. */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CodedError } from '@livegate/domain/errors';

export type StoredObject = { name: string; modifiedAt: Date };
export type Page = { objects: StoredObject[]; next: string | null };

export type Bucket = {
  put(name: string, bytes: Buffer): Promise<void>;
  get(name: string): Promise<Buffer | null>;
  remove(name: string): Promise<void>;
  /** Objects whose names begin with `start`, in order, after `after`; a thousand at most. */
  list(start: string, after: string | null): Promise<Page>;
  /** Makes the bucket where it is missing, and has it drop what is left behind after `days`. */
  prepare(options: { orphanDays: number }): Promise<{ made: boolean; expires: boolean }>;
};

// A put runs inside a transaction that Postgres ends after 10 s of idling: two tries must fit.
const CONNECT_LIMIT_MS = 1_000;
const REQUEST_LIMIT_MS = 3_000;
const TRIES = 2;

/** `s3://bucket/prefix?endpoint=https://…&region=…`; credentials as the AWS SDK finds them (AWS_ACCESS_KEY_ID, a role …). */
export function openBucket(url: string): Bucket {
  const { hostname: Bucket, pathname, searchParams } = new URL(url);
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const endpoint = searchParams.get('endpoint');
  const region = searchParams.get('region');
  const client = new S3Client({
    ...(region || endpoint ? { region: region ?? 'us-east-1' } : {}),
    // Stores that are not AWS seldom have a host name per bucket, or know AWS's newer checksums.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const keyOf = (name: string) => (prefix ? `${prefix}/${name}` : name);
  const nameOf = (key: string) => (prefix ? key.slice(prefix.length + 1) : key);

  return {
    put: async (name, bytes) => {
      const command = new PutObjectCommand({
        Bucket,
        Key: keyOf(name),
        Body: bytes,
        ContentType: 'application/octet-stream',
      });
      await answered(client.send(command));
    },
    get: (name) =>
      answered(
        client.send(new GetObjectCommand({ Bucket, Key: keyOf(name) })).then(
          async ({ Body }) => (Body ? Buffer.from(await Body.transformToByteArray()) : null),
          (error) => {
            if (error instanceof NoSuchKey) return null;
            throw error;
          },
        ),
      ),
    remove: async (name) => {
      await answered(client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(name) })));
    },
    list: async (start, after) => {
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix: keyOf(start),
        ...(after === null ? {} : { StartAfter: keyOf(after) }),
      });
      const { Contents = [], IsTruncated } = await answered(client.send(command));
      const objects = Contents.flatMap(({ Key, LastModified }) =>
        Key && LastModified ? [{ name: nameOf(Key), modifiedAt: LastModified }] : [],
      );
      return { objects, next: IsTruncated ? (objects.at(-1)?.name ?? null) : null };
    },
    prepare: async ({ orphanDays }) => {
      const made = await answered(
        client.send(new HeadBucketCommand({ Bucket })).then(
          () => false,
          async (error) => {
            if (!(error instanceof NotFound)) throw error;
            await client.send(new CreateBucketCommand({ Bucket }));
            return true;
          },
        ),
      );
      const rule = {
        ID: 'livegate-orphans',
        Status: 'Enabled' as const,
        Filter: { Prefix: prefix ? `${prefix}/` : '' },
      };
      const expires = await client
        .send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: { Rules: [{ ...rule, Expiration: { Days: orphanDays } }] },
          }),
        )
        .then(
          () => true,
          // Not every store has lifecycle rules; lifecycle's sweep does the same work sooner.
          () => false,
        );
      return { made, expires };
    },
  };
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new CodedError('unavailable', 'The frame store does not answer; please try again shortly.', { cause });
  }
}
