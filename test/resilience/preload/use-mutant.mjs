// Loaded by `node --import` in the self-test: one module of the built code is read with a guard taken out of it
// (`use-mutant.mjs?name=fencing-off`).
import { register } from 'node:module';

register('./mutant-loader.mjs', import.meta.url, { data: { name: new URL(import.meta.url).searchParams.get('name') } });
