import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PageHeadProps {
  readonly title: string;
  /** What can be done on this page. */
  readonly children?: ReactNode;
}

/** The first line of a page; as high with tools as without, so that titles stay put between pages. */
export function PageHead({ title, children }: PageHeadProps) {
  return (
    <Group justify="space-between" wrap="nowrap" mih={36}>
      <Title order={1} size="h4" aria-live="polite">
        {title}
      </Title>
      {children}
    </Group>
  );
}
