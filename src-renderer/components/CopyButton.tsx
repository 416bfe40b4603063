import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useText } from '../locales/i18n.ts';

export interface CopyButtonProps {
  readonly text: string;
  readonly copy: (text: string) => Promise<void>;
  readonly label?: string;
}

/** Copies and says so for two seconds. */
export function CopyButton({ text, copy, label }: CopyButtonProps) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? t('common:copied') : (label ?? t('common:copy'));
  return (
    <Tooltip label={name}>
      <ActionIcon
        size="sm"
        aria-label={name}
        onClick={() => {
          copy(text).then(
            () => setCopied(true),
            () => {},
          );
        }}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
