import { Button, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly body: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void } | undefined;
}

/** Teaches: what this is, and the one thing to do next. */
export function EmptyState({ icon: Icon, title, body, action }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" gap="sm" p="xl" mih={320} h="100%" ta="center" role="status">
      <ThemeIcon size={56} radius="xl" variant="light" color="accent">
        <Icon size={28} aria-hidden />
      </ThemeIcon>
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="var(--limen-quiet)" maw={440}>
        {body}
      </Text>
      {action && (
        <Button mt="xs" onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </Stack>
  );
}
