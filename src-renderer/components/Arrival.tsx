import type { SerializedError } from '@limen/contract';
import { LimenError } from '@limen/contract';
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { errorText } from './error-text.ts';
import { JobProgress } from './JobProgress.tsx';
import { useText } from '../locales/i18n.ts';

export interface ArrivalProps {
  readonly name: string;
  /** Where it goes, how far it is. */
  readonly text: ReactNode;
  /** 0–1; null while it cannot be known. */
  readonly fraction: number | null;
  /** The host it goes to is away: this is how far it was. */
  readonly stale?: boolean;
  readonly error: SerializedError | null;
  /** It ended with the error; otherwise it is tried again. */
  readonly failed: boolean;
  /** For tests. */
  readonly state: string;
  /** What can be done about it. */
  readonly children: ReactNode;
}

/** One image on its way into a library, or volume into a pool. */
export function Arrival({
  name,
  text,
  fraction,
  stale = false,
  error,
  failed,
  state,
  children,
}: ArrivalProps) {
  const { t } = useText();
  return (
    <Group component="li" gap="md" wrap="nowrap" data-arrival={name} data-state={state}>
      <Stack gap={4} flex={1} miw={0}>
        <Group justify="space-between" gap="md" wrap="nowrap">
          <Text size="sm" fw={600} truncate>
            {name}
          </Text>
          <Text size="xs" c="var(--limen-quiet)" style={{ whiteSpace: 'nowrap' }}>
            {text}
          </Text>
        </Group>
        <JobProgress label={t('images:arrivals.progress', { name })} fraction={fraction} stale={stale} />
        {error && (
          <Text size="xs" c={failed ? 'var(--limen-error)' : 'var(--limen-paused)'}>
            {errorText(LimenError.from(error), t).why}
          </Text>
        )}
      </Stack>
      <Group gap={4} wrap="nowrap" w={60} justify="flex-end">
        {children}
      </Group>
    </Group>
  );
}
