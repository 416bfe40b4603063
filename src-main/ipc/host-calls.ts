import { contract, LimenError } from '@limen/contract';
import type { ContractClient } from '@limen/contract';
import { getEventIteratorSchemaDetails, isContractProcedure } from '@orpc/contract';

/**
 * Procedures a page may not call: they yield secrets, which stay in this process, or belong to the link itself.
 * The page uses `links.signIn`, `links.pair`, `links.signOut` and `console` ports instead.
 */
const reserved = new Set([
  'system.handshake',
  'session.signIn',
  'session.pair',
  'session.renew',
  'session.signOut',
  'consoles.open',
]);

/**
 * The call a page asked for by path, checked against the contract's own properties. Throws `NOT_FOUND` for what is
 * not in the contract, for streams (they feed the windows through the link) and for reserved procedures.
 */
export function hostCall(
  path: readonly string[],
): (client: ContractClient, input: unknown, signal: AbortSignal) => Promise<unknown> {
  const name = path.join('.');
  const procedure = lookUp(contract, path);
  const callable =
    isContractProcedure(procedure) &&
    getEventIteratorSchemaDetails(procedure['~orpc'].outputSchema) === undefined &&
    !reserved.has(name);
  if (!callable) throw new LimenError('NOT_FOUND', { kind: 'procedure', id: name });
  return (client, input, signal) => {
    // The client is a proxy that makes a call of any path; the check above is what keeps it to the contract.
    const call = path.reduce<unknown>((node, key) => Reflect.get(node as object, key), client);
    return (call as (input: unknown, options: { signal: AbortSignal }) => Promise<unknown>)(input, {
      signal,
    });
  };
}

function lookUp(root: object, path: readonly string[]): unknown {
  let node: unknown = root;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || isContractProcedure(node) || !Object.hasOwn(node, key))
      return undefined;
    node = Reflect.get(node, key);
  }
  return node;
}
