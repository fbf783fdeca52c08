export const MUTANTS: Record<string, { why: string; file: string }>;
export function mutate(name: string, text: string): string;
