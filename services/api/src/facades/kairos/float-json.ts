/** JSON in which chosen numbers are printed as floats: Kairos writes `0.0`, and a strict reader may expect it. */

/** A number to print with at least one decimal. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toJSON(): string {
    return `@float:${Number.isInteger(this.value) ? this.value.toFixed(1) : this.value}@`;
  }
}

/** Serialises; no text of the body may look like a marked float, which none of ours does. */
export function stringifyWithFloats(body: unknown): string {
  return JSON.stringify(body).replace(/"@float:(-?[0-9.e+-]+)@"/g, '$1');
}
