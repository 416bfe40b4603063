import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Read a password: unseen from a terminal, else the first line of standard input. Null when there is none. */
export async function askPassword(prompt: string): Promise<string | null> {
  const interactive = process.stdin.isTTY;
  if (interactive) process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: interactive });
  try {
    for await (const line of lines) return line;
    return null;
  } finally {
    lines.close();
    if (interactive) process.stderr.write('\n');
  }
}
