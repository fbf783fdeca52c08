/** Prints the OpenAPI document: `print-openapi [PUBLIC_URL]`. */
import { openApiDocument } from '../description/openapi.ts';

const [serverUrl = 'http://localhost:8080'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(openApiDocument({ serverUrl: serverUrl.replace(/\/+$/, '') }), null, 2)}\n`);
