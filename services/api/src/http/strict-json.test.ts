import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"b":{"a":2,"c":[{"a":3}]}}', 'the same name at another depth'],
    ['{"a":"\\"b\\":1,\\"b\\":2","b":3}', 'names inside a text'],
    ['{"a":"\\\\","a\\\\":"x"}', 'backslashes before a quote'],
    ['{"A":1,"a":2}', 'names that differ in case'],
    ['["a","a"]', 'equal values'],
    [' {\n"a" :\t1 }', 'white space'],
    ['"text"', 'a value that is no object'],
    ['{}', 'nothing'],
  ])('reads %s as JSON.parse does: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['{"a":1,"a":1}', 'twice'],
    ['{"a":1,"b":[{"a":1}],"a" :2}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['{"a\\\\":1,"a\\\\":2}', 'twice'],
    ['{"a":"\\\\","b":"}","a":2}', 'twice'],
    ['{"a":', 'valid JSON'],
    ['', 'valid JSON'],
    ["{'a':1}", 'valid JSON'],
    [`[${'[],'.repeat(6_000)}[]]`, 'too many values'],
    ['['.repeat(45_000) + ']'.repeat(45_000), 'too many values'],
  ])('refuses %.40s', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('refuses what is not UTF-8, and takes a byte order mark', () => {
    expect(() => parseStrictJson(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow('not UTF-8');
    expect(() => parseStrictJson(Buffer.from('{"a":1}', 'utf16le'))).toThrow();
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });
});
