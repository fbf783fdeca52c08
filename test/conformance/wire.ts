/** The wire, and nothing that would tidy it: requests as they are written, answers as text. */
import { request } from 'node:http';

export type WireRequest = {
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
};

export type WireAnswer = {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  /** The text as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the wire holds; the assertions say what it must be
  json: any;
};

/** One request on a connection of its own. */
export function send(origin: string, { method = 'POST', path, headers = {}, body }: WireRequest): Promise<WireAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          text,
          json: parse(text),
        }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

export type FormPart = { name: string; value: string | Buffer; filename?: string; type?: string };

/** A multipart form, to the byte: what a client library would send, or would never. */
export function multipart(
  parts: FormPart[],
  boundary = 'livegate-boundary',
): { headers: Record<string, string>; body: Buffer } {
  const chunks = parts.flatMap(({ name, value, filename, type }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
