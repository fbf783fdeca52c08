/** The frame of every screen: where one can go, and who is here. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import { ask } from './api.ts';
import icon from './icon.svg';
import { SESSION_KEY, useRight, useSession } from './session.ts';

const PLACES = [
  { to: '/', name: 'Overview' },
  { to: '/queues', name: 'Queues' },
  { to: '/checks', name: 'Checks' },
  { to: '/deliveries', name: 'Deliveries' },
  { to: '/clients', name: 'Clients & keys' },
] as const;

export function Shell({ children }: { children: ReactNode }) {
  const mayTry = useRight('operator');
  const mayReview = useRight('images');
  const places = [
    ...PLACES,
    ...(mayReview ? [{ to: '/reviews', name: 'Reviews' }] : []),
    ...(mayTry ? [{ to: '/try', name: 'Try it' }] : []),
  ];
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="side">
        <div className="brand">
          <img src={icon} alt="" width="26" height="26" /> Livegate
        </div>
        <nav aria-label="Console">
          {places.map(({ to, name }) => (
            <NavLink key={to} to={to} end={to === '/'}>
              {name}
            </NavLink>
          ))}
        </nav>
        <Who />
      </header>
      <Main>{children}</Main>
    </div>
  );
}

/** Takes the focus when the screen changes, so that a screen reader begins where the eye does. */
function Main({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [pathname]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {children}
    </main>
  );
}

function Who() {
  const { name, role, seesImages } = useSession();
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => ask<null>('/session', { method: 'DELETE' }),
    onSettled: () => {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      queries.setQueryData(SESSION_KEY, null);
    },
  });
  return (
    <div className="who">
      <div className="who-name">{name}</div>
      <div className="quiet">
        {role}
        {seesImages ? ' · images' : ''}
      </div>
      <button type="button" className="button small" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </div>
  );
}
