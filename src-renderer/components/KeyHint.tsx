import { Group, Kbd } from '@mantine/core';

/** Keys pressed together, e.g. `['Ctrl', 'K']`. */
export function KeyHint({ keys }: { readonly keys: readonly string[] }) {
  return (
    <Group gap={4} wrap="nowrap" component="span">
      {keys.map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </Group>
  );
}
