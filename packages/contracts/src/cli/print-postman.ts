/** Prints the Postman collection: `print-postman [PUBLIC_URL]`. */
import { postmanCollection } from '../description/postman.ts';

const [serverUrl = 'http://localhost:8080'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(postmanCollection({ serverUrl: serverUrl.replace(/\/+$/, '') }), null, 2)}\n`);
