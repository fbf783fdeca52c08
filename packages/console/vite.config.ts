import { basename } from 'node:path';
import { defineConfig } from 'vite';
import { compressAssets } from '../tooling/compress-assets.ts';

export default defineConfig({
  base: '/console/assets/',
  // The api serves the files of dist/assets flat, so that the folder name is not part of the public address.
  experimental: { renderBuiltUrl: (fileName) => `/console/assets/${basename(fileName)}` },
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: false,
    emptyOutDir: true,
    rollupOptions: {
      // `use client` means something to servers that render; here is none.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  plugins: [compressAssets()],
});
