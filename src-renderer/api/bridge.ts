import { type BridgeCallName, type BridgeInput, type BridgeOutput, LimenError } from '@limen/contract';

/**
 * One request to the main process. Resolves to the answer's value and rejects with a {@link LimenError} only:
 * the envelope Electron needs (`BridgeResult`) stays in here.
 */
export async function call<N extends BridgeCallName>(
  name: N,
  input: BridgeInput<N>,
): Promise<BridgeOutput<N>> {
  const result = await window.limen.invoke(name, input).catch((error: unknown) => {
    throw new LimenError('INTERNAL', {}, { cause: error });
  });
  if (result.ok) return result.value;
  throw LimenError.from(result.error);
}

/** For places that must show some error whatever was thrown. */
export function asLimenError(error: unknown): LimenError {
  return LimenError.is(error) ? error : new LimenError('INTERNAL', {}, { cause: error });
}
