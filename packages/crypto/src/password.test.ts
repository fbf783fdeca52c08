import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword, newPassword } from './password.ts';

describe('a password', () => {
  it('is the one that was hashed and no other, and its hash says how it was made', async () => {
    const password = newPassword();
    const hash = await hashPassword(password);
    expect(password).toMatch(/^[\w-]{24}$/);
    expect(hash).toMatch(/^scrypt\$15\$8\$3\$/);
    expect(hash).not.toContain(password);
    expect(await isPassword(password, hash)).toBe(true);
    expect(await isPassword(`${password} `, hash)).toBe(false);
    expect(await isPassword('', hash)).toBe(false);
  });

  it('is salted: the same one twice has two hashes', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('is nobody’s where there is no operator, whatever is tried', async () => {
    expect(await isPassword('anything', null)).toBe(false);
  });

  it('of a damaged hash is an error, not a refusal', async () => {
    await expect(isPassword('x', 'scrypt$15$8$3$short')).rejects.toThrow(/damaged/);
  });
});
