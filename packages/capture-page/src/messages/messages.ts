import type { Prompt } from '../challenge-step.ts';
import type { TroubleCode } from '../trouble.ts';

type Words = { title: string; words: string };

/** The shape every locale fills: a missing word is a compile error, never an empty screen. */
export type Messages = {
  language: string;
  pageTitle: string;
  noScript: string;
  loading: Words;
  consent: Words & {
    wordsFrom: (clientName: string) => string;
    points: readonly string[];
    primary: string;
    secondary: string;
  };
  permission: Words;
  ready: Words & { primary: string; secondary: string };
  capturing: Words;
  prompts: Record<Prompt, Words>;
  sending: Words & { slow: string };
  done: Words & { returning: string; stillWorking: string; primary: string };
  failed: { tryAgain: string; goBack: string; leave: string };
  troubles: Record<TroubleCode, Words>;
};
