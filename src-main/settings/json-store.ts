import { renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import type { z } from 'zod';

export interface JsonStoreOptions<T> {
  /** Folder of the file. */
  readonly folder: string;
  /** File name without `.json`. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly fallback: T;
  /** Told when an unreadable file was put aside, and when one could not be written. */
  readonly report: (what: string, detail: object) => void;
}

/**
 * One value in one JSON file, written atomically. A file that cannot be read or does not fit its schema is renamed,
 * not deleted, and the fallback takes its place: settings of a person are never a reason not to start.
 */
export class JsonStore<T> {
  readonly #store: Store<{ value: unknown }>;
  readonly #report: JsonStoreOptions<T>['report'];
  #value: T;

  constructor(options: JsonStoreOptions<T>) {
    this.#store = open(options);
    this.#report = options.report;
    const parsed = options.schema.safeParse(this.#store.get('value', options.fallback));
    if (parsed.success) {
      this.#value = parsed.data;
      return;
    }
    putAside(options);
    this.#value = options.fallback;
  }

  read(): T {
    return this.#value;
  }

  write(value: T): void {
    this.#value = value;
    try {
      this.#store.set('value', value);
    } catch (error) {
      // A full disk costs the next start what changed now; it must not cost this one its connections.
      this.#report('A file could not be written', { error });
    }
  }
}

function open<T>(options: JsonStoreOptions<T>): Store<{ value: unknown }> {
  const create = (): Store<{ value: unknown }> =>
    new Store({ cwd: options.folder, name: options.name, clearInvalidConfig: false, configFileMode: 0o600 });
  try {
    const store = create();
    // The file is read lazily: find out now whether it is JSON at all.
    store.get('value');
    return store;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    putAside(options);
    return create();
  }
}

function putAside<T>({ folder, name, report }: JsonStoreOptions<T>): void {
  const file = join(folder, `${name}.json`);
  const backup = `${file}.unreadable-${Date.now()}`;
  renameSync(file, backup);
  report('A file could not be read and was put aside', { backup });
}
