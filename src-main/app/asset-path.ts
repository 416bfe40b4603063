import { extname, join, normalize, sep } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly file: string;
  readonly type: string;
}

/**
 * The file a page's URL names inside `root`, or null when it names none: a path that leaves the folder, an
 * encoding that is none, or a kind of file pages have no use for.
 */
export function assetOf(root: string, url: string): Asset | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  // A backslash is a separator on Windows only after decoding; a NUL ends the name in the system call.
  if (/[\\\0]/.test(path)) return null;
  const file = normalize(join(root, path));
  const type = types[extname(file).toLowerCase()];
  if (!file.startsWith(root + sep) || type === undefined) return null;
  return { file, type };
}
