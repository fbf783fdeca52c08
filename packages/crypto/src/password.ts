/** Passwords of operators: generated, never chosen, and stored as scrypt hashes that carry their own parameters. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// OWASP's second choice for scrypt (N=2^15, r=8, p=3): as hard as N=2^17, p=1, in 32 MB rather than 128.
const COST = { log2N: 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** 24 base64url characters: 144 random bits. Nobody can choose a weak one. */
export function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

/** `scrypt$15$8$3$<salt>$<hash>`. Takes a quarter of a second of one core, off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, { ...COST, salt });
  return `scrypt$${COST.log2N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether the password is the one of `hash`; with null, for a name that nobody has, false after the same work. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, log2N, r, p, salt, key] = FORM.exec(hash ?? NOBODY) ?? [];
  if (salt === undefined || key === undefined) throw new Error('a stored password hash is damaged');
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64url') };
  const isEqual = timingSafeEqual(await derive(password, cost), Buffer.from(key, 'base64url'));
  return isEqual && hash !== null;
}

const NOBODY = `scrypt$${COST.log2N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

type Cost = { log2N: number; r: number; p: number; salt: Buffer };

function derive(password: string, { log2N, r, p, salt }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    // The limit must lie above 128 * N * r, which Node's default does not.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
