import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { APP_HOST, APP_SCHEME } from '../ipc/trusted-sender.ts';
import { assetOf } from './asset-path.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';

/**
 * Declare our scheme, before the application is ready. Pages get an origin of their own this way, which
 * `file:` has not, and every answer carries our headers.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serve the built pages in `root` under our scheme. */
export function serveApp(root: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const asset =
      request.method === 'GET' && new URL(request.url).host === APP_HOST ? assetOf(root, request.url) : null;
    if (asset === null) return answer(null, 'text/plain', 404);
    try {
      return answer(await readFile(asset.file), asset.type, 200);
    } catch {
      return answer(null, 'text/plain', 404);
    }
  });
}

function answer(body: Uint8Array<ArrayBuffer> | null, type: string, status: number): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    },
  });
}
