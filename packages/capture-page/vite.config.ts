import { basename } from 'node:path';
import { defineConfig } from 'vite';
import { compressAssets } from '../tooling/compress-assets.ts';
import { messages as en } from './src/messages/en.ts';

export default defineConfig({
  base: '/capture-assets/',
  // The api serves the files of dist/assets flat, so that the folder name is not part of the public address.
  experimental: { renderBuiltUrl: (fileName) => `/capture-assets/${basename(fileName)}` },
  build: {
    target: 'es2020',
    assetsDir: 'assets',
    // A data: icon would be allowed by the policy, but a hashed file is cached and needs no allowance.
    assetsInlineLimit: 0,
    modulePreload: false,
    emptyOutDir: true,
  },
  plugins: [
    compressAssets(),
    {
      name: 'words-known-before-scripts-run',
      transformIndexHtml: (html) =>
        html
          .replaceAll('%PAGE_TITLE%', en.pageTitle)
          .replaceAll('%NO_SCRIPT%', en.noScript)
          .replaceAll('%LOADING%', en.loading.title),
    },
  ],
});
