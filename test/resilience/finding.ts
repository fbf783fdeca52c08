/** What the judges find, and the row they find it about. */

export type Verdict = 'lost' | 'duplicated' | 'unexpected' | 'undelivered';
export type Finding = { verdict: Verdict; why: string; id: string };

export function finding(verdict: Verdict, why: string, id: string): Finding {
  return { verdict, why, id };
}

export type CheckRow = {
  id: string;
  token: string;
  reference: string;
  kind: 'hosted' | 'instant';
  state: string;
  opId: string | null;
  webhookUrl: string | null;
  attempt: number;
  passed: boolean | null;
  failureReason: string | null;
  expiredEarly: boolean;
  passedUnscored: boolean;
  terminalEvents: number;
  terminalMoves: number;
};
