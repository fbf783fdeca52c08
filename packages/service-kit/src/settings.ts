/**
 * Every setting, in one schema: name, form, default, meaning. A service names the ones it reads; all faults are
 * reported in one message. The table in services/README.md is compared with this one by a test.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Secret } from './secret.ts';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .pipe(z.number().max(65_535));
// The form; the checksum is checked where the key is used.
const apiKey = z
  .string()
  .regex(
    /^lv_live_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$/,
    'must be lv_live_<12 letters or digits>_<43 base64url + 6 checksum>',
  )
  .transform((value) => new Secret(value));
const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const isAddressOrNetwork = (text: string) => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
};

export const SETTINGS = {
  LIVEGATE_MODE: z.enum(['development', 'production']).describe('`development` allows http and loopback targets'),
  LIVEGATE_HOST: z.string().min(1).default('127.0.0.1').describe('Address the api listens on'),
  LIVEGATE_PORT: port.default(8080).describe('Port the api listens on'),
  LIVEGATE_HEALTH_PORT: port.describe('Port of `/livez`, `/readyz`, `/startupz` and `/metrics`; 0 for any free one'),
  LIVEGATE_PUBLIC_URL: url(['http:', 'https:'])
    .optional()
    .describe('Base of the links given out; default the address listened on'),
  LIVEGATE_TLS_CERT: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the certificate (and its chain) the api serves https with; read at the start'),
  LIVEGATE_TLS_KEY: z.string().min(1).optional().describe('PEM file of its private key; set both or neither'),
  LIVEGATE_API_KEY: apiKey
    .optional()
    .describe('Key of the default client, created at the first start; else one is generated (development)'),
  LIVEGATE_EGRESS_ADDRESSES: z
    .string()
    .transform((value) => value.split(',').map((address) => address.trim()))
    .refine(
      (addresses) => addresses.every(isAddressOrNetwork),
      'must be IP addresses or networks (CIDR) with commas between',
    )
    .optional()
    .describe('Addresses webhooks come from, as `GET /meta` shows them to receivers'),
  LIVEGATE_DEFAULT_CHALLENGE: z
    .enum(['none', 'turn'])
    .default('turn')
    .describe('What a hosted check asks of the person when its create names no `challenge`'),
  LIVEGATE_CHALLENGES: z
    .enum(['none', 'turn'])
    .default('turn')
    .describe('`none`: no check may ask for a turn of the head, and the model for it is neither fetched nor opened'),
  LIVEGATE_SMARTCOMPLY_THRESHOLD: z
    .string()
    .regex(/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .optional()
    .describe("Smartcomply's contract has no threshold of its own: a score of this or more passes; default 0.6"),
  LIVEGATE_FAILURE_LOCK: z
    .string()
    .regex(/^(off|\d{1,3}\/\d{1,4}\/\d{1,4})$/, 'must be FAILURES/WINDOW/LOCK, as 5/180/900, or off')
    .optional()
    .describe(
      'Who fails so often has to wait: `FAILURES/WINDOW/LOCK`, times in seconds, per person and browser; or `off`. Unset: `5/180/900`, in development for persons that a create names only. A client can have its own (`policy lock`)',
    ),
  LIVEGATE_DATA_DIR: z.string().min(1).default('.data').describe('Embedded Postgres, keys and the development key'),
  LIVEGATE_KEY_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Encryption keys, outside the database; default `keys` in the data directory'),
  LIVEGATE_MODEL_PROFILE: z
    .enum(['auto', 'baseline', 'recommended'])
    .default('auto')
    .describe('Which models score; production refuses `auto`'),
  LIVEGATE_MODELS_DIR: z.string().min(1).default('.models').describe('Where `models:fetch` keeps the models'),
  LIVEGATE_MODEL_MIRROR: z
    .string()
    .min(1)
    .optional()
    .describe('Directory in which `models:fetch` looks files up by SHA-256'),
  LIVEGATE_MODEL_MANIFEST: z
    .string()
    .min(1)
    .optional()
    .describe('Manifest of your own models in place of the shipped one (packages/inference/README.md)'),
  LIVEGATE_PROVIDER: z
    .enum(['cpu', 'cuda', 'tensorrt'])
    .default('cpu')
    .describe('Where models run; the start is refused when it is not available'),
  LIVEGATE_CHILDREN: z
    .string()
    .regex(/^[1-9]\d?$/, 'must be a number from 1 to 99')
    .transform(Number)
    .optional()
    .describe('Inference child processes; default one per core, on a GPU one'),
  LIVEGATE_CONSOLE: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      '`on`: `/console` is served as soon as there is an operator (`npm run admin -- operator create`); `off`: never',
    ),
  LIVEGATE_TRACE_URL: z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:/.test(value) && value.includes('{trace_id}'), {
      error: 'must be a URL with {trace_id} in it',
    })
    .optional()
    .describe('Where the console links to for a trace, with `{trace_id}` in it'),
  LIVEGATE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level of a log line'),
  DATABASE_URL: url(['postgres:', 'postgresql:'])
    .transform((value) => new Secret(value))
    .describe('Postgres; `npm start` embeds one when it is not set'),
  REDIS_URL: url(['redis:', 'rediss:'])
    .transform((value) => new Secret(value))
    .optional()
    .describe('Redis or Valkey for the queue; without it BullMQ uses Postgres (one host only)'),
  FRAME_STORE_URL: z
    .string()
    .refine((value) => URL.canParse(value) && new URL(value).protocol === 's3:' && new URL(value).hostname !== '', {
      error: 'must be s3://bucket/prefix?region=…, with &endpoint=https://… for a store that is not AWS',
    })
    .optional()
    .describe(
      'Object store for frames, `s3://bucket/prefix?region=…`, and `&endpoint=…` where it is not AWS; without it they are rows in Postgres',
    ),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings<Name extends SettingName> = { [Key in Name]: z.infer<(typeof SETTINGS)[Key]> };

const REPOSITORY_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** All faults of an environment in one message. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Source<Name extends SettingName> = {
  env: Readonly<Record<string, string | undefined>>;
  names: readonly Name[];
  /** Defaults of this service, in the form of the environment. */
  defaults?: Partial<Record<Name, string>>;
};

/** Reads the named settings. An empty variable counts as not set. Throws SettingsError with every fault. */
export function readSettings<Name extends SettingName>({ env, names, defaults = {} }: Source<Name>): Settings<Name> {
  const faults: string[] = [];
  const entries = names.map((name) => {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = SETTINGS[name].safeParse(given ?? defaults[name]);
    if (parsed.success && /_(DIR|MANIFEST|TLS_CERT|TLS_KEY)$/.test(name) && typeof parsed.data === 'string') {
      // One place from wherever a command was called: another folder must not mean another database.
      return [name, resolve(REPOSITORY_ROOT, parsed.data)] as const;
    }
    if (!parsed.success) {
      faults.push(
        `${name} ${given === undefined && !defaults[name] ? 'is not set' : z.prettifyError(parsed.error).replace(/^✖ /, '')}`,
      );
    }
    return [name, parsed.data] as const;
  });
  if (faults.length > 0)
    throw new SettingsError(`The settings are not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  return Object.fromEntries(entries) as Settings<Name>;
}
