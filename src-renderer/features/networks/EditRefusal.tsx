import { LimenError, type NetworkPart } from '@limen/contract';
import { copyText } from '../../api/clipboard.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { type Translate, useText } from '../../locales/i18n.ts';

const parts: readonly NetworkPart[] = [
  'kind',
  'bridge',
  'addresses',
  'ranges',
  'static-leases',
  'domain',
  'dns',
];

/** Why an edit was not made; of a change by somebody else, what it was about. */
export function EditRefusal({ error }: { readonly error: LimenError | undefined }) {
  const { t } = useText();
  if (error === undefined) return null;
  const names =
    LimenError.is(error, 'CONFLICT') && error.data.reason === 'changed' ? (error.data.names ?? []) : [];
  const changed = parts.filter((part) => names.includes(part));
  return (
    <ErrorCallout
      {...(changed.length > 0 && { title: t('networks:changed', { parts: partsText(changed, t) }) })}
      error={error}
      copy={copyText}
    />
  );
}

export function partsText(changed: readonly NetworkPart[], t: Translate): string {
  return changed.map((part) => t(`networks:part.${part}`)).join(', ');
}
