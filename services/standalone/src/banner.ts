/** What `npm start` prints when it is ready: everything a first check needs. */

type Facts = { url: string; apiKey: string | undefined; profile: string; dataDir: string; queue: string };

export function banner({ url, apiKey, profile, dataDir, queue }: Facts): string {
  return `
Livegate is ready.

  URL       ${url}
  API key   ${apiKey ?? '(the one that was set at the first start)'}
  Models    ${profile}
  Queue     BullMQ on ${queue}
  Data      ${dataDir}
  Console   ${url}/console (first: npm run admin -- operator create NAME --role admin --images)

Create a check, then open its "url" in a browser with a camera:

curl -s -X POST ${url}/liveness_check -H 'Authorization: Bearer ${apiKey ?? '<your key>'}' -H 'Content-Type: application/json' -d '{"return_url":"https://example.com/return"}'

Ctrl-C stops it; the data stays.
`;
}
