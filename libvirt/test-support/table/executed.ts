import type { LibvirtClient } from '../../src/client/libvirt-client.ts';
import { ErrorCode } from '../../src/errors/codes.ts';
import { LibvirtError } from '../../src/errors/libvirt-error.ts';
import type { Procedure } from '../../src/procedures/define.ts';
import { procedures } from '../../src/procedures/index.ts';
import type { Connection } from '../../src/transport/connection.ts';

/** What tests call procedures through, so that it is known which ones a real daemon has understood. */
export type Caller = Pick<LibvirtClient, 'call' | 'openStream'>;

/** The procedures a real daemon has answered, or refused for a reason other than the form of the call. */
export class Executed {
  readonly #seen = new Set<object>();

  through(target: LibvirtClient | Connection): Caller {
    return {
      call: (procedure, args, options) => this.#watch(procedure, target.call(procedure, args, options)),
      openStream: (procedure, args, options) =>
        this.#watch(procedure, target.openStream(procedure, args, options)),
    };
  }

  /** `group.name` of every procedure in the table that was not executed. */
  missing(): string[] {
    return Object.entries(procedures).flatMap(([group, members]) =>
      Object.entries(members)
        .filter(([, procedure]) => !this.#seen.has(procedure))
        .map(([name]) => `${group}.${name}`),
    );
  }

  async #watch<A, R, T>(procedure: Procedure<A, R>, answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      this.#seen.add(procedure);
      return value;
    } catch (error) {
      // 39 is the daemon's word for a call it does not know or cannot decode.
      if (error instanceof LibvirtError && error.code !== ErrorCode.rpc) this.#seen.add(procedure);
      throw error;
    }
  }
}

/** The number of the error the daemon refuses a call with. */
export async function refusal(call: Promise<unknown>): Promise<number> {
  try {
    await call;
  } catch (error) {
    if (error instanceof LibvirtError) return error.code;
    throw error;
  }
  throw new Error('the call was expected to be refused');
}
