import type { LimenError } from '@limen/contract';
import { Alert, Button, Code, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { useText } from '../locales/i18n.ts';
import { CopyButton } from './CopyButton.tsx';
import { errorText } from './error-text.ts';

export interface ErrorCalloutProps {
  readonly error: LimenError;
  /** What was tried, when the error alone does not say. */
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
  readonly copy: (text: string) => Promise<void>;
}

/** What happened, why, what to do; code and data behind "Details", copyable. */
export function ErrorCallout({ error, title, onRetry, copy }: ErrorCalloutProps) {
  const { t } = useText();
  const [open, { toggle }] = useDisclosure(false);
  const text = errorText(error, t);
  const details = JSON.stringify(error.toJSON(), null, 2);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertCircle aria-hidden />}
      title={title ?? text.what}
      styles={{ title: { color: 'var(--limen-error)' } }}
      role="alert"
    >
      <Stack gap="xs">
        {title !== undefined && <Text size="sm">{text.what}</Text>}
        <Text size="sm">
          {text.why} {text.todo}
        </Text>
        <Group gap="xs">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('common:retry')}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={toggle} aria-expanded={open}>
            {t('common:details')}
          </Button>
        </Group>
        <Collapse expanded={open}>
          <Group align="flex-start" wrap="nowrap" gap="xs">
            <Code block flex={1}>
              {details}
            </Code>
            <CopyButton text={details} copy={copy} />
          </Group>
        </Collapse>
      </Stack>
    </Alert>
  );
}
