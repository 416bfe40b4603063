import { fsyncSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitOptions = Parameters<NodeFS['init']>[1];
type InitResult = Awaited<ReturnType<NodeFS['init']>>;

/** The part of Emscripten's NODEFS that is touched here; `nfd` is the descriptor in Node. */
interface NodeFsModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: { nfd?: number }) => number };
  };
}

function makeFsyncReal(module: unknown): void {
  (module as NodeFsModule).NODEFS.stream_ops.fsync = (stream) => {
    if (stream.nfd !== undefined) fsyncSync(stream.nfd);
    return 0;
  };
}

/**
 * PGlite's own NodeFS has no fsync: a commit is acknowledged while its WAL is still in the page cache, so a
 * power cut loses it. This one hands fsync through to the disk.
 */
export class DurableNodeFS extends NodeFS {
  override async init(pg: PGlite, options: InitOptions): Promise<InitResult> {
    const result = await super.init(pg, options);
    const existing = result.emscriptenOpts.preRun;
    result.emscriptenOpts.preRun = Array.isArray(existing) ? [...existing, makeFsyncReal] : [makeFsyncReal];
    return result;
  }
}
