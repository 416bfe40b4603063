import type { SnapshotRefusal } from '@limen/contract';
import { Text } from '@mantine/core';
import { refusalText } from '../../components/snapshot-refusal.ts';
import { useText } from '../../locales/i18n.ts';

/** Everything that stands in the way. */
export function Reasons({ refusals }: { readonly refusals: readonly SnapshotRefusal[] }) {
  const { t } = useText();
  return refusals.map((refusal) => (
    <Text key={refusal.reason} size="sm" component="span" display="block">
      {refusalText(refusal, t)}
    </Text>
  ));
}
