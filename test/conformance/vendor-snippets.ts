/**
 * The snippets of the vendors' own pages, taken from the pages when a test runs and changed by nothing but these
 * substitutions. The pages are not part of this project: where they are not at hand, our own clients say what they say.
 */
import { readFileSync } from 'node:fs';
import { sharedFile } from '@livegate/test-kit/shared-files';

export type Language = 'node' | 'php' | 'python' | 'go' | 'curl';

/** What stands for the integrator's own values. */
export type Values = { origin: string; apiKey: string; keyId: string; imageUrl: string; imageFile: string };

type Substitution = { why: string; find: string; put: (values: Values) => string };

export type Snippet = {
  name: string;
  language: Language;
  page: string;
  /** The snippet's first line and its last. */
  from: string;
  to: string;
  /** Applied in this order, each of them exactly once. */
  substitutions: Substitution[];
};

const VERIFIK = '002_240060a7563930f6.txt';
const KAIROS = '003_949685b8d86b9db2.txt';
const SMARTCOMPLY = '004_3c617e5cec5afb8a.txt';

const verifikBase: Substitution = {
  why: 'base URL',
  find: 'https://api.verifik.co',
  put: ({ origin }) => origin,
};
const verifikImage: Substitution = {
  why: 'the image: its placeholder says base64 or https URL',
  find: '<base64 or https url>',
  put: ({ imageUrl }) => imageUrl,
};
const smartcomplyBase: Substitution = {
  why: 'base URL',
  find: 'https://adhere-api.smartcomply.com',
  put: ({ origin }) => origin,
};
/** A line of the Kairos page after which it lost what only closed braces, and what would print the answer. */
const braces = (after: string, lost: string): Substitution => ({
  why: 'braces that the page lost',
  find: after,
  put: () => `${after}\n${lost}`,
});

export const SNIPPETS: Snippet[] = [
  {
    name: 'Verifik, Node.js (node-fetch 2)',
    language: 'node',
    page: VERIFIK,
    from: 'const fetch = require("node-fetch");',
    to: 'run();',
    substitutions: [verifikBase, verifikImage],
  },
  {
    name: 'Verifik, PHP',
    language: 'php',
    page: VERIFIK,
    from: '<?php',
    to: 'echo $response;',
    substitutions: [verifikBase, verifikImage],
  },
  {
    name: 'Verifik, Python (requests)',
    language: 'python',
    page: VERIFIK,
    from: 'import os, requests',
    to: 'print(r.json())',
    substitutions: [verifikBase, verifikImage],
  },
  {
    name: 'Verifik, Go',
    language: 'go',
    page: VERIFIK,
    from: 'package main',
    // The line after the last brace: the snippet ends before it.
    to: 'Response',
    substitutions: [verifikBase, verifikImage, { why: 'end of the snippet', find: '\nResponse', put: () => '' }],
  },
  {
    name: 'Kairos, Node.js (request 2)',
    language: 'node',
    page: KAIROS,
    from: "var request = require('request');",
    to: '  if (error) throw new Error(error);',
    substitutions: [
      {
        why: 'base URL: the page leaves it empty',
        find: "'url': ''",
        put: ({ origin }) => `'url': '${origin}/v0.1/liveness-verification'`,
      },
      { why: 'app_id', find: 'put_app_id_here', put: ({ keyId }) => keyId },
      { why: 'braces that the page lost', find: "'put_app_key_here'", put: () => "'put_app_key_here'\n  }," },
      { why: 'app_key', find: 'put_app_key_here', put: ({ apiKey }) => apiKey },
      { why: 'the selfie', find: '/path/to/selfie_image', put: ({ imageFile }) => imageFile },
      braces("'filename': 'selfie.jpg'", '} },'),
      braces("'threshold': '0.6'", '} };'),
      braces('if (error) throw new Error(error);', '  console.log(response.body);\n});'),
    ],
  },
  {
    name: 'Smartcomply, curl (the page’s head)',
    language: 'curl',
    page: SMARTCOMPLY,
    from: 'curl --request POST \\',
    to: "'",
    substitutions: [
      smartcomplyBase,
      { why: 'key', find: '<api-key>', put: ({ apiKey }) => apiKey },
      { why: 'the image', find: '<string>', put: ({ imageUrl }) => imageUrl },
    ],
  },
  {
    name: 'Smartcomply, curl (the page’s example)',
    language: 'curl',
    page: SMARTCOMPLY,
    from: 'curl -X POST "https://adhere-api.smartcomply.com/api/onboarding/biometrics/face/liveliness_check/" \\',
    to: '  -d \'{"image": "https://example.com/photo.jpg"}\'',
    substitutions: [
      smartcomplyBase,
      { why: 'key', find: 'YOUR_SECRET_KEY', put: ({ apiKey }) => apiKey },
      { why: 'the image', find: 'https://example.com/photo.jpg', put: ({ imageUrl }) => imageUrl },
    ],
  },
];

/** The snippet's program, or null, said loudly, where the page is not at hand. Throws when the page does not hold it. */
export function extract(snippet: Snippet, values: Values): string | null {
  const path = sharedFile('vendor-docs', snippet.page);
  if (!path) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  const start = lines.indexOf(snippet.from);
  const length = lines.slice(start).indexOf(snippet.to) + 1;
  if (start < 0 || length < 1) throw new Error(`The page does not hold ${snippet.name}.`);
  let program = lines.slice(start, start + length).join('\n');
  for (const { find, put } of snippet.substitutions) {
    if (program.split(find).length !== 2) throw new Error(`${snippet.name} does not hold "${find}" once.`);
    program = program.replace(find, () => put(values));
  }
  return `${program}\n`;
}
