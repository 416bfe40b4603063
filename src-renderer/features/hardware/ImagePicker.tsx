import type { HostLinkId, Image, ImageId, ImageKind } from '@limen/contract';
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useImages } from '../../stores/images.ts';

export interface ImagePickerProps {
  readonly linkId: HostLinkId;
  readonly kinds: readonly ImageKind[];
  readonly label: string;
  readonly value: ImageId | null;
  readonly onChange: (id: ImageId) => void;
  readonly disabled?: boolean;
  readonly error?: ReactNode;
}

/** The images of a host's library that fit, by name; of missing files none. */
export function ImagePicker(props: ImagePickerProps) {
  const { linkId, kinds, label, value, onChange, disabled = false, error } = props;
  const { t, language } = useText();
  const images = useHostImages(linkId, kinds);
  return (
    <Select
      label={label}
      flex={1}
      maw={440}
      searchable
      allowDeselect={false}
      placeholder={t(images.length === 0 ? 'hardware:image.none' : 'hardware:image.choose')}
      nothingFoundMessage={t('hardware:image.nothingFound')}
      disabled={disabled}
      error={error}
      value={value}
      data={images.map(({ id, name, virtualBytes }) => ({
        value: id,
        label: `${name} (${formatBytes(virtualBytes, language)})`,
      }))}
      onChange={(id) => id !== null && onChange(id)}
    />
  );
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function useHostImages(linkId: HostLinkId, kinds: readonly ImageKind[]): readonly Image[] {
  const images = useImages((state) => state.hosts.get(linkId));
  return [...(images?.values() ?? [])]
    .filter((image) => kinds.includes(image.kind) && !image.missing)
    .sort((a, b) => byName.compare(a.name, b.name));
}
