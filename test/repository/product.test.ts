import { readFile } from 'node:fs/promises';
import { PRODUCT } from '@livegate/domain/product';
import { expect, it } from 'vitest';

it('calls itself on the wire what its package is', async () => {
  const root = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(PRODUCT.version).toBe(root.version);
  expect(PRODUCT.name.toLowerCase()).toBe(root.name);
});
