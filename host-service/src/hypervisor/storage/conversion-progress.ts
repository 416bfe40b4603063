/** libvirt says nothing of how far a conversion is; what it has written so far does. */
const LOOK_EVERY_MS = 1_000;

/** Look at what has been written, again and again until stopped. What cannot be seen at the moment is no news. */
export function followConversion(
  look: () => Promise<number>,
  tell: (bytes: number) => void,
): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const again = (): void => {
    timer = setTimeout(() => {
      look()
        .then((bytes) => (stopped ? undefined : tell(bytes)))
        .catch(() => undefined)
        .finally(() => {
          if (!stopped) again();
        });
    }, LOOK_EVERY_MS).unref();
  };
  again();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
