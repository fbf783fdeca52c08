/** Fetches the sample pictures for the tests into `.models/samples`: `fetch-samples`. Idempotent. */
import { fileURLToPath } from 'node:url';
import { loadSample, SAMPLE_NAMES } from '../sample-faces.ts';

const folder = fileURLToPath(new URL('../../../../.models/samples/', import.meta.url));

for (const name of SAMPLE_NAMES) await loadSample(name, folder);
process.stderr.write(`samples: ${SAMPLE_NAMES.join(', ')} verified.\n`);
