/** Who may do what in the console, and for how long: the roles, in order, and the limits of a session. */

/** Each may do what those before it may. Seeing images is no role: it is a scope that any of them may have. */
export const OPERATOR_ROLES = ['viewer', 'operator', 'admin'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** What a route asks for: a role at the least, or the scope by which images are seen. */
export type Right = OperatorRole | 'images';

/** Whether this operator has the right. */
export function hasRight({ role, seesImages }: { role: OperatorRole; seesImages: boolean }, right: Right): boolean {
  if (right === 'images') return seesImages;
  return OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(right);
}

/** A session ends after half an hour in which nothing was done, and after twelve hours whatever was done (NIST 800-63B, AAL2). */
export const OPERATOR_SESSION = { idleMinutes: 30, hours: 12 } as const;

/** Sign-ins from one address, and of one name from everywhere: a person mistypes a few times, a guesser is held. */
export const SIGN_IN_RATES = {
  address: { perMinute: 6, burst: 10 },
  name: { perMinute: 4, burst: 12 },
} as const;
