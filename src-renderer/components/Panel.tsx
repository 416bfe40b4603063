import { Group, Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

export interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled region of a page. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id} bg="var(--limen-raised)">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} size="sm" id={id}>
          {title}
        </Title>
        {aside !== undefined && (
          <Text size="xs" c="var(--limen-quiet)" component="div">
            {aside}
          </Text>
        )}
      </Group>
      {children}
    </Paper>
  );
}
