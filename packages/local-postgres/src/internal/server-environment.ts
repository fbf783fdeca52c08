/**
 * The whole environment of Postgres and of the tools around it. Ours is not passed on: it holds secrets, and PG*
 * variables in it would steer the server.
 */
export const serverEnvironment: Record<string, string> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};
