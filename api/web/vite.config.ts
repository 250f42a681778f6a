import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// The service to develop against: `npm run dev` serves pages and passes the API on to it.
const service = process.env['PINGYI_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: 'dist/app', // beside the committed dist/index.html, which a build must not touch
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows files of this host, not data:
    target: 'chrome87',
  },
  server: { proxy: { '/api': service } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
