/** Name and password. */
import type { SessionAnswer } from '@livegate/contracts/console/session';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect } from 'react';
import { ask } from '../api.ts';
import icon from '../icon.svg';
import { SESSION_KEY } from '../session.ts';

export function SignInScreen() {
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: (body: Record<string, unknown>) => ask<SessionAnswer>('/session', { method: 'POST', body }),
    onSuccess: (session) => queries.setQueryData(SESSION_KEY, session),
  });
  useEffect(() => {
    document.title = 'Sign in · Livegate console';
  }, []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <main className="lone">
      <form className="panel sign-in" onSubmit={submit}>
        <img src={icon} alt="" width="44" height="44" />
        <h1>Livegate console</h1>
        <label className="field">
          Name
          <input name="name" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={40} />
        </label>
        <label className="field">
          Password
          <input name="password" type="password" autoComplete="current-password" required maxLength={200} />
        </label>
        {signIn.isError && (
          <p className="form-error" role="alert">
            {signIn.error.message}
          </p>
        )}
        <button type="submit" className="button primary wide" disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </button>
        <p className="quiet small-text">
          Lost your password? <code>npm run admin -- operator reset NAME</code>
        </p>
      </form>
    </main>
  );
}
