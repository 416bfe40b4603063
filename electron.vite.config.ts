import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/**
 * Everything is bundled: the packaged application carries no node_modules. Main and preload are CommonJS for
 * Node 18, the renderer is for Chromium 114, so that the same output runs on the pinned Electron and on the older
 * one that tests fall back to (docs/adr).
 */
export default defineConfig({
  main: {
    build: {
      outDir: resolve(root, 'out/main'),
      target: 'node18',
      externalizeDeps: false,
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: { index: resolve(root, 'src-main/index.ts') },
        // `ws` looks for these native accelerators and does without them.
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(root, 'out/preload'),
      target: 'node18',
      externalizeDeps: false,
      sourcemap: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: { index: resolve(root, 'src-preload/index.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: 'chrome114',
      cssTarget: 'chrome114',
      sourcemap: false,
      minify: true,
      reportCompressedSize: false,
      // A data: URL would need a hole in the content security policy for scripts and fonts.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
    },
  },
});
