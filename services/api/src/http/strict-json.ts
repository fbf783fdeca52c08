/** JSON that reads the same to every reader: UTF-8, no field twice, and no crowd of values that no contract has a use for. */
import { CodedError } from '@livegate/domain/errors';

// A contract's body has a handful of values. Fifteen megabytes of empty arrays would become a gigabyte of objects.
const MOST_VALUES = 10_000;
const MARKS_OF_VALUES = [...'[{,'].map((mark) => mark.charCodeAt(0));

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws `malformed_body`. */
export function parseStrictJson(bytes: Buffer): unknown {
  if (countMarks(bytes) > MOST_VALUES) throw malformed('The body holds too many values.');
  const text = attempt(() => utf8.decode(bytes), 'The body is not UTF-8.');
  const value: unknown = attempt(() => JSON.parse(text), 'The body is not valid JSON.');
  if (hasRepeatedField(text)) throw malformed('The body names a field twice.');
  return value;
}

function countMarks(bytes: Buffer): number {
  let count = 0;
  for (const mark of MARKS_OF_VALUES) {
    for (let at = bytes.indexOf(mark); at >= 0 && count <= MOST_VALUES; at = bytes.indexOf(mark, at + 1)) count += 1;
  }
  return count;
}

/** Whether the outermost object of a text that is valid JSON names a field twice. */
function hasRepeatedField(text: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else if (mark === '"') {
      const end = endOfString(text, at);
      if (depth === 1 && isFollowedByColon(text, end + 1)) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        if (names.has(name)) return true;
        names.add(name);
      }
      at = end;
    }
  }
  return false;
}

/** The closing quote of the string that opens at `start`: the first that no odd run of backslashes stands before. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === '\\') before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

function attempt<Result>(work: () => Result, fault: string): Result {
  try {
    return work();
  } catch (cause) {
    throw malformed(fault, cause);
  }
}

function malformed(message: string, cause?: unknown): CodedError {
  return new CodedError('malformed_body', message, { cause });
}
