/** One prefix of one S3 bucket. Every failure of the store is `unavailable`: the caller may try again. */
import {
  CreateBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  type LifecycleRule,
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
  /**
   * Makes the bucket where it is missing. No rule of its own may drop what is in it, for it knows nothing of legal holds: one that
   * an earlier version made is taken back. `expiring`: other rules that would drop frames; null when the store tells of none.
   */
  prepare(): Promise<{ made: boolean; expiring: string[] | null }>;
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
    prepare: async () => {
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
      const rules = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })).then(
        ({ Rules = [] }) => Rules,
        // Not every store has lifecycle rules; those that do say so where there are none.
        (error: Error) => (error.name === 'NoSuchLifecycleConfiguration' ? [] : null),
      );
      if (rules === null) return { made, expiring: null };
      const others = rules.filter(({ ID }) => ID !== FORMER_RULE);
      if (others.length < rules.length) await answered(replaceRules(client, Bucket, others));
      const dropsFrames = (rule: LifecycleRule) => mayDrop(rule, keyOf(''));
      return { made, expiring: others.filter(dropsFrames).map(({ ID }) => ID ?? 'unnamed') };
    },
  };
}

// It expired everything after a day, also what a legal hold keeps.
const FORMER_RULE = 'livegate-orphans';

/** The bucket has one set of rules, whosever they are: the others stay as they are. */
async function replaceRules(client: S3Client, Bucket: string, Rules: LifecycleRule[]): Promise<void> {
  if (Rules.length === 0) await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
  else await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

/** Whether a rule deletes objects whose names begin with `frames`; our objects have no tags, so that it must not ask for one. */
function mayDrop({ Status, Expiration, Filter, Prefix }: LifecycleRule, frames: string): boolean {
  if (Status !== 'Enabled' || !(Expiration?.Days || Expiration?.Date)) return false;
  if (Filter?.Tag || Filter?.And?.Tags?.length) return false;
  const begins = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
  return frames.startsWith(begins) || begins.startsWith(frames);
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new CodedError('unavailable', 'The frame store does not answer; please try again shortly.', { cause });
  }
}
