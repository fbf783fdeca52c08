/** The Postman collection (format 2.1), made of the table of operations: set `apiKey` and run it from top to bottom. */
import { CAPTURE_FRAMES } from '../capture.ts';
import type { Operation, Parameter, SecurityScheme } from '../operations/operation.ts';
import { TAGS } from '../operations/operation.ts';
import { OPERATIONS } from '../operations/operations.ts';

type Pair = { key: string; value: string; description?: string; disabled?: boolean };
type FormPart = { key: string; type: 'file'; src: string } | { key: string; type: 'text'; value: string };
type Body =
  | { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
  | { mode: 'formdata'; formdata: FormPart[] }
  | { mode: 'file'; file: { src: string } };
export type PostmanRequest = {
  method: string;
  description: string;
  auth?: { type: 'noauth' } | { type: 'bearer'; bearer: { key: 'token'; value: string; type: 'string' }[] };
  header: Pair[];
  url: { raw: string; host: string[]; path: string[]; query?: Pair[] };
  body?: Body;
};
export type PostmanItem = {
  name: string;
  request: PostmanRequest;
  event?: PostmanScript[];
};
export type PostmanScript = {
  listen: 'prerequest' | 'test';
  script: { type: 'text/javascript'; exec: string[] };
};
export type PostmanCollection = {
  info: { name: string; description: string; schema: string };
  item: { name: string; description: string; item: PostmanItem[] }[];
  event: PostmanScript[];
  variable: (Pair & { type: 'string' })[];
};

// A grey square: a PNG that every contract reads, and in which it finds no face.
const GREY_SQUARE =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAAA1BMVEWAgICQdD0xAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAD0lEQVQokWNgGAWjgHwAAAJAAAFgVTVqAAAAAElFTkSuQmCC';

/** Values that the user sets, or that one request leaves for the next. */
const variables = (serverUrl: string): PostmanCollection['variable'] =>
  [
    { key: 'baseUrl', value: serverUrl, description: 'The server.' },
    { key: 'apiKey', value: '', description: 'Your API key, whole: lv_live_… or lv_test_….' },
    {
      key: 'apiKeyId',
      value: '',
      description: 'For Kairos; taken out of apiKey before each request.',
    },
    {
      key: 'image',
      value: GREY_SQUARE,
      description: 'A face as base64, or its https URL. As it is: a grey square without one.',
    },
    { key: 'token', value: '', description: 'Left by "Create a liveness check".' },
    { key: 'captureSecret', value: '', description: 'Left by "Create a liveness check".' },
    { key: 'captureSession', value: '', description: 'Left by "Start the capture, or take it over".' },
    { key: 'endpointId', value: '', description: 'Left by "Create an endpoint".' },
    {
      key: 'eventId',
      value: '',
      description: 'Yours to set, from "List events"; what needs it is skipped until then.',
    },
    {
      key: 'reference',
      value: '',
      description: 'Yours to set: the check to export or to erase; what needs it is skipped until then.',
    },
    {
      key: 'erasureId',
      value: '',
      description: 'Yours to set, from "Erase"; what needs it is skipped until then.',
    },
    {
      key: 'reviewId',
      value: '',
      description: 'Yours to set, from "What waits for a reviewer"; what needs it is skipped until then.',
    },
    {
      key: 'handoff',
      value: '',
      description: 'Yours to set, to anything, where the links are https; hand-overs are skipped until then.',
    },
    { key: 'handoffToken', value: '', description: 'Left by "Offer the capture to another browser".' },
    {
      key: 'recoverSince',
      value: '',
      description: 'Yours to set, an ISO 8601 time; what needs it is skipped until then.',
    },
  ].map((variable) => ({ ...variable, type: 'string' }));

const PARAMETER_VALUES: Record<string, string> = {
  token: '{{token}}',
  secret: '{{captureSecret}}',
  endpointId: '{{endpointId}}',
  eventId: '{{eventId}}',
  reference: '{{reference}}',
  erasureId: '{{erasureId}}',
  reviewId: '{{reviewId}}',
};

/** Fields of bodies that hold one of the variables. */
const FIELD_VALUES: Record<string, string> = {
  image: '{{image}}',
  since: '{{recoverSince}}',
  token: '{{handoffToken}}',
};

const SECURITY_HEADERS: Record<SecurityScheme, Pair | null> = {
  bearer: null,
  appId: { key: 'app_id', value: '{{apiKeyId}}' },
  appKey: { key: 'app_key', value: '{{apiKey}}' },
  accessToken: { key: 'x-access-token', value: '{{apiKey}}' },
  captureSession: { key: 'x-capture-session', value: '{{captureSession}}' },
};

/** Around every request: the id that Kairos wants is part of the key; and an answer of 300 or more fails a run. */
const EVERY_REQUEST: PostmanScript[] = [
  {
    listen: 'prerequest',
    script: {
      type: 'text/javascript',
      exec: [
        "const id = (pm.variables.get('apiKey') || '').split('_')[2];",
        "if (id) pm.collectionVariables.set('apiKeyId', id);",
        // What tells events again, or erases, does so only when somebody asks for it.
        "for (const name of ['eventId', 'reference', 'erasureId', 'reviewId', 'recoverSince']) {",
        "  const needed = JSON.stringify(pm.request).includes('{{' + name + '}}');",
        '  if (needed && !pm.variables.get(name)) pm.execution.skipRequest();',
        '}',
      ],
    },
  },
  {
    listen: 'test',
    script: {
      type: 'text/javascript',
      exec: ["pm.test('succeeds', () => {", '  pm.response.to.be.success;', '});'],
    },
  },
];

/** What an answer leaves for the requests after it. */
const LEAVES: Record<string, string[]> = {
  createLivenessCheck: [
    'const check = pm.response.json();',
    "pm.collectionVariables.set('token', check.token);",
    "pm.collectionVariables.set('captureSecret', check.url.split('/c/')[1]);",
  ],
  createWebhookEndpoint: ["pm.collectionVariables.set('endpointId', pm.response.json().id);"],
  offerHandoff: ["pm.collectionVariables.set('handoffToken', pm.response.json().url.split('#handoff=')[1]);"],
  startCapture: ["pm.collectionVariables.set('captureSession', pm.response.json().session);"],
};

const ONLY_WITH_HANDOFF = ["if (!pm.variables.get('handoff')) pm.execution.skipRequest();"];

/** What is done only when somebody asks for it, and says so by no value in the request. */
const ASKS: Record<string, string[]> = {
  offerHandoff: ONLY_WITH_HANDOFF,
  takeHandoff: ONLY_WITH_HANDOFF,
  takeHandoffBack: ONLY_WITH_HANDOFF,
};

/** `serverUrl`: the public address, without a slash at its end. */
export function postmanCollection({ serverUrl }: { serverUrl: string }): PostmanCollection {
  return {
    info: {
      name: 'Livegate',
      description: `Set the variable \`apiKey\`, put a picture named selfie.jpg into the working directory, and run it from top to bottom. The words that go with this are at ${serverUrl}/docs.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: Object.entries(TAGS).map(([tag, description]) => ({
      name: tag,
      description,
      item: OPERATIONS.filter((operation) => operation.tag === tag && !isForm(operation)).flatMap(describeItems),
    })),
    event: EVERY_REQUEST,
    variable: variables(serverUrl),
  };
}

/** A form is sent by a page, and answered with the way to another one. */
function isForm({ request }: Operation): boolean {
  return request?.type === 'application/x-www-form-urlencoded';
}

/** One item; for a frame one for each place, so that a run of the whole makes a submission. */
function describeItems(operation: Operation): PostmanItem[] {
  const { parameters = [], summary } = operation;
  const seq = parameters.find(({ name }) => name === 'seq');
  if (!seq) return [describeItem(operation)];
  return Array.from({ length: CAPTURE_FRAMES.count }, (_, place) =>
    describeItem({
      ...operation,
      summary: `${summary} (${place + 1} of ${CAPTURE_FRAMES.count})`,
      parameters: parameters.map((parameter) => (parameter === seq ? { ...seq, example: place } : parameter)),
    }),
  );
}

function describeItem(operation: Operation): PostmanItem {
  const event = [...scriptOf('prerequest', ASKS[operation.id]), ...scriptOf('test', LEAVES[operation.id])];
  return {
    name: operation.summary,
    request: {
      method: operation.method.toUpperCase(),
      description: operation.description,
      auth: operation.security.includes('bearer')
        ? { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] }
        : { type: 'noauth' },
      header: headersOf(operation),
      url: urlOf(operation),
      ...bodyOf(operation),
    },
    ...(event.length > 0 ? { event } : {}),
  };
}

function scriptOf(listen: PostmanScript['listen'], exec: string[] | undefined): PostmanScript[] {
  return exec ? [{ listen, script: { type: 'text/javascript', exec } }] : [];
}

function headersOf({ security, request, parameters = [] }: Operation): Pair[] {
  return [
    ...security.flatMap((name) => SECURITY_HEADERS[name] ?? []),
    // Postman adds the type of a form itself, with its boundary.
    ...(request && request.type !== 'multipart/form-data' ? [{ key: 'Content-Type', value: request.type }] : []),
    ...parameters.filter((parameter) => parameter.in === 'header').map(asPair),
  ];
}

function urlOf({ path, parameters = [] }: Operation): PostmanRequest['url'] {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    return PARAMETER_VALUES[name] ?? String(parameter?.example ?? '');
  });
  const query = parameters.filter((parameter) => parameter.in === 'query').map(asPair);
  const search = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  return {
    raw: `{{baseUrl}}${filled}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    host: ['{{baseUrl}}'],
    path: filled.slice(1).split('/'),
    ...(query.length > 0 ? { query } : {}),
  };
}

/** What the collection has a value for is sent; other optional parameters are there to be switched on. */
function asPair({ name, required, description, example = '' }: Parameter): Pair {
  const known = PARAMETER_VALUES[name];
  return { key: name, value: known ?? String(example), description, ...(required || known ? {} : { disabled: true }) };
}

function bodyOf({ request }: Operation): { body?: Body } {
  if (!request) return {};
  if (request.type === 'multipart/form-data') {
    const formdata: FormPart[] = [
      { key: 'selfie', type: 'file', src: 'selfie.jpg' },
      { key: 'threshold', type: 'text', value: '0.6' },
    ];
    return { body: { mode: 'formdata', formdata } };
  }
  if (request.type !== 'application/json') return { body: { mode: 'file', file: { src: 'selfie.jpg' } } };
  // The least that a request needs does least: no webhook goes to the example's address. And pictures of a file do not
  // turn their heads.
  const { still, least = Object.values(request.examples)[0] } = request.examples;
  const example = (still ?? least) as Record<string, unknown>;
  const known = Object.entries(FIELD_VALUES).filter(([field]) => field in example);
  const value = { ...example, ...Object.fromEntries(known) };
  return { body: { mode: 'raw', raw: JSON.stringify(value, null, 2), options: { raw: { language: 'json' } } } };
}
