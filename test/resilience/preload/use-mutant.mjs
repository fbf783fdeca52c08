// Loaded by `node --import` in the self-test: one module of the built code is read with a guard taken out of it.
import { register } from 'node:module';

register('./mutant-loader.mjs', import.meta.url, { data: { name: process.env.LIVEGATE_TEST_MUTANT } });
