import { Radio, type RadioGroupProps, Stack } from '@mantine/core';

export interface RadioChoice {
  readonly value: string;
  readonly label: string;
  /** What choosing it means, or why it cannot be chosen. */
  readonly about?: string;
  readonly disabled?: boolean;
}

interface RadioChoicesProps extends Omit<RadioGroupProps, 'children'> {
  readonly choices: readonly RadioChoice[];
}

/** One of a few, each with what it means. */
export function RadioChoices({ choices, ...group }: RadioChoicesProps) {
  return (
    <Radio.Group {...group}>
      <Stack gap={8} mt={group.label === undefined ? 0 : 6}>
        {choices.map(({ value, label, about, disabled }) => (
          <Radio key={value} value={value} label={label} description={about} disabled={disabled} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
