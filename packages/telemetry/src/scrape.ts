/** The text of `/metrics`, without loading the SDK where telemetry is off. */
import type { IncomingMessage, ServerResponse } from 'node:http';

type Scrape = (request: IncomingMessage, response: ServerResponse) => void;
let answer: Scrape | undefined;

/** Names what answers a scrape. */
export function onScrape(scrape: Scrape): void {
  answer = scrape;
}

/** Answers a scrape in Prometheus's text format; false when no SDK runs. */
export function answerScrape(request: IncomingMessage, response: ServerResponse): boolean {
  answer?.(request, response);
  return answer !== undefined;
}
