import { Badge, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCloud, IconDisc, IconTemplate, type TablerIcon } from '@tabler/icons-react';
import type { Image } from '@limen/contract';
import { ListTable } from '../../components/ListTable.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import type { ImageEntry } from '../../stores/images.ts';
import { useLink } from '../../stores/links.ts';
import { usePresets } from '../../stores/presets.ts';
import { ImageMenu } from './ImageMenu.tsx';

const columns = ['name', 'kind', 'system', 'host', 'size', 'usedBy', 'owner', 'access'] as const;

const kindIcons: Record<Image['kind'], TablerIcon> = {
  iso: IconDisc,
  disk: IconCloud,
  template: IconTemplate,
};

/** Every image with what it is, how big, where, whose, and who needs it. */
export function ImageTable({ entries }: { readonly entries: readonly ImageEntry[] }) {
  const { t } = useText();
  return (
    <ListTable
      label={t('images:title')}
      head={columns.map((column) => t(`images:column.${column}`))}
      actions={t('images:actions')}
      minWidth={900}
    >
      {entries.map((entry) => (
        <ImageRow key={`${entry.linkId}/${entry.image.id}`} {...entry} />
      ))}
    </ListTable>
  );
}

function ImageRow({ linkId, image }: ImageEntry) {
  const { t, language } = useText();
  const link = useLink(linkId);
  const preset = usePresets(linkId).find((candidate) => candidate.id === image.presetId);
  const names = image.usedBy.map((user) => user.name);
  const size = formatBytes(image.virtualBytes, language);
  const onHost = formatBytes(image.actualBytes, language);
  const KindIcon = kindIcons[image.kind];
  return (
    <Table.Tr data-image={image.name} {...(link?.state !== 'live' && { c: 'var(--limen-quiet)' })}>
      <Table.Td maw={280}>
        <Group gap={6} wrap="nowrap">
          <Text fz="inherit" fw={600} truncate title={`${image.name}\n${image.path}`}>
            {image.name}
          </Text>
          {image.missing && (
            <Tooltip label={t('images:missingAbout')}>
              <Badge
                size="sm"
                variant="light"
                color="red"
                leftSection={<IconAlertTriangle size={12} aria-hidden />}
                tt="none"
              >
                {t('images:missing')}
              </Badge>
            </Tooltip>
          )}
        </Group>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Group gap={6} wrap="nowrap">
          <KindIcon size={16} aria-hidden color="var(--limen-quiet)" />
          {t(`images:kind.${image.kind}`)}
        </Group>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {preset?.name ?? image.presetId ?? t('common:gap')}
      </Table.Td>
      <Table.Td>{link?.name}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Tooltip label={t('images:sizeAbout', { format: image.format })}>
          <span>
            {size}
            {size !== onHost && (
              <Text span fz="xs" c="var(--limen-quiet)">
                {' · '}
                {t('images:onHost', { size: onHost })}
              </Text>
            )}
          </span>
        </Tooltip>
      </Table.Td>
      <Table.Td maw={180}>
        {names.length === 0 ? (
          t('common:gap')
        ) : (
          <Text fz="inherit" truncate title={names.join(', ')}>
            {names.join(', ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{image.owner?.username ?? t('common:gap')}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {t(image.shared ? 'images:shared' : 'images:private')}
      </Table.Td>
      <Table.Td>
        <ImageMenu linkId={linkId} image={image} />
      </Table.Td>
    </Table.Tr>
  );
}
