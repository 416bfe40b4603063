import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a deep teal-blue; shade 7 on white and shade 4 on the dark body both pass AA for text. */
const accent: MantineColorsTuple = [
  '#e8f3fb',
  '#d3e4f2',
  '#a5c7e4',
  '#74a8d7',
  '#5394cd',
  '#3a80bd',
  '#2a6ca6',
  '#205a8c',
  '#194a74',
  '#0f3a5e',
];

/** Darker than Mantine's from shade 6 on: white text on a filled button must pass AA. */
const red: MantineColorsTuple = [
  '#fff1f0',
  '#ffe3e0',
  '#fbc0bb',
  '#f59a93',
  '#ee7268',
  '#d9483d',
  '#c5362b',
  '#b3261e',
  '#93201a',
  '#731a15',
];

/** Its darkest shades carry words on its lightest. */
const yellow: MantineColorsTuple = [
  '#fff8e1',
  '#fff3cf',
  '#ffe08a',
  '#ffd25e',
  '#f7c23b',
  '#dba520',
  '#b98717',
  '#96690c',
  '#7d5500',
  '#6b4700',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, red, yellow },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "Cascadia Mono", "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    // Without the placeholder focus goes to the first item, and the menu holds nothing but items.
    Menu: { defaultProps: { shadow: 'md', withinPortal: true, withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 } },
      styles: { title: { fontWeight: 600 } },
    },
    // What it says beside its title is too pale by default to be read on dark.
    Notification: { styles: { description: { color: 'var(--limen-quiet)' } } },
    NavLink: { styles: { root: { borderRadius: 'var(--mantine-radius-md)' } } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});
