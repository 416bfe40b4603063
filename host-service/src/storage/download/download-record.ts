import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const downloadRecord = z.object({
  url: z.string(),
  /** Where the bytes came from, after redirects: another mirror may have the file under another tag. */
  location: z.string(),
  /** The tag or date that is the same for as long as the file is; null: nothing tells, so it cannot be gone on with. */
  validator: z.string().nullable(),
  /** Length of the whole file; null when the server did not say. */
  totalBytes: z.number().nullable(),
});

/** What must be known to go on with a file that was begun. Lies beside it. */
export type DownloadRecord = z.infer<typeof downloadRecord>;

function recordPath(path: string): string {
  return `${path}.source`;
}

/** Null when there is none, or none that can be read. */
export async function readRecord(path: string): Promise<DownloadRecord | null> {
  try {
    const text = await readFile(recordPath(path), 'utf8');
    return downloadRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Complete or not at all. */
export async function writeRecord(path: string, record: DownloadRecord): Promise<void> {
  const draft = `${recordPath(path)}.draft`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  await rename(draft, recordPath(path));
}

export async function removeRecord(path: string): Promise<void> {
  await rm(`${recordPath(path)}.draft`, { force: true });
  await rm(recordPath(path), { force: true });
}
