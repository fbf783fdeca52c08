import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { startApi } from '@livegate/test-kit/api';
import express from 'express';
import { afterAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../console/routes.ts';

type Layer = { handle: Stack | unknown; route?: { path: string | string[]; methods: Record<string, boolean> } };
type Stack = { stack: Layer[] };
type Use = (this: Stack, path: unknown, ...handlers: unknown[]) => unknown;

// Express keeps the path of a route, but only a matcher of where a router was mounted: note the path while it is known.
const mountPaths = new WeakMap<Layer, string[]>();
const routers = new Set<Stack>();
const prototype = express.Router.prototype as unknown as { use: Use };
const use = prototype.use;
prototype.use = function (path, ...handlers) {
  routers.add(this);
  const before = this.stack.length;
  const answer = use.call(this, path, ...handlers);
  const paths = [path].flat().filter((one): one is string => typeof one === 'string');
  for (const layer of this.stack.slice(before)) mountPaths.set(layer, paths.length > 0 ? paths : ['']);
  return answer;
};
afterAll(() => {
  prototype.use = use;
});
await startApi();

const isStack = (handle: unknown): handle is Stack => Array.isArray((handle as Partial<Stack> | null)?.stack);

/** `get /c/{secret}/status`, for every route below a router. */
function routesBelow(router: Stack, prefix = ''): string[] {
  return router.stack.flatMap((layer) => {
    if (layer.route) {
      // `all` is how a path refuses the methods that it does not take.
      const methods = Object.keys(layer.route.methods).filter((method) => method !== '_all');
      const paths = [layer.route.path].flat();
      return paths.flatMap((path) => methods.map((method) => `${method} ${template(prefix + path)}`));
    }
    if (!isStack(layer.handle)) return [];
    const { handle } = layer;
    return (mountPaths.get(layer) ?? ['']).flatMap((path) =>
      routesBelow(handle, path === '/' ? prefix : prefix + path),
    );
  });
}

function template(path: string): string {
  const named = path.replace(/:(\w+)/g, '{$1}');
  return named.length > 1 ? named.replace(/\/$/, '') : named;
}

const mounted = new Set([...routers].flatMap(({ stack }) => stack.map(({ handle }) => handle)));
const roots = [...routers].filter((router) => !mounted.has(router));
const routed = roots.flatMap((root) => routesBelow(root));

// Files of pages, for browsers alone.
const STATIC_FILES = ['get /brand/{file}', 'get /docs-assets/{name}', 'get /embed/{file}', 'get /sandbox/page.css'];

const isConsole = (route: string) => /^\w+ \/console\//.test(route);

describe('routes and description', () => {
  it('are the same, in both directions', () => {
    const described = OPERATIONS.map(({ method, path }) => `${method} ${template(path)}`);
    expect(roots).toHaveLength(1);
    expect(routed.filter((route) => !isConsole(route)).toSorted()).toEqual([...described, ...STATIC_FILES].toSorted());
  });

  it('of the console are its own table, which is no part of the public description', () => {
    const own = ROUTES.map(({ method, path }) => `${method} ${template(`/console/api${path}`)}`);
    expect(routed.filter(isConsole).toSorted()).toEqual([...own, 'get /console/{*screen}'].toSorted());
  });
});
