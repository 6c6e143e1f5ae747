/** One hand for all icons: 24 grid, one stroke, round ends. Decorative: the word beside it is what is read aloud. */
const paths = {
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  back: 'M19 12H5M11 6l-6 6 6 6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2.5',
  hand: 'M8 12.5V6a1.5 1.5 0 0 1 3 0v5m0-6.5V4a1.5 1.5 0 0 1 3 0v7m0-5a1.5 1.5 0 0 1 3 0v8.5c0 3.6-2.4 6.5-6 6.5-2.6 0-4-1.2-5.3-3.2L4.2 15a1.6 1.6 0 0 1 2.5-2L8 14.5',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 11v5M13.7 11v5',
  bag: 'M5.5 8.5h13l1 11.5h-15zM9 11V7.5a3 3 0 0 1 6 0V11',
  print: 'M7 9V4h10v5M7 17H4.5V9.5h15V17H17M7 14h10v6H7z',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0',
  person: 'M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 9.5l5 1.2V15l-1.8 5M19 9.5l-5 1.2V15l1.8 5',
  restart: 'M5 12a7 7 0 1 0 2.2-5.1M5 4v4h4',
  cash: 'M3.5 7h17v10h-17zM12 14.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM6.5 9.8v0M17.5 14.2v0',
  card: 'M3.5 6h17v12h-17zM3.5 10h17M7 14.5h3.5',
  counter: 'M4 11h16M5.5 11v8.5h13V11M8.5 7.5h7V11h-7zM12 7.5V4.5',
  invoice: 'M7 3.5h10v17l-2.5-1.5-2.5 1.5-2.5-1.5L7 20.5zM10 8h4M10 12h4',
  alone: 'M9.5 14.5l5-5M8 11l-2 2a3.5 3.5 0 0 0 5 5l2-2M16 13l2-2a3.5 3.5 0 0 0-5-5l-2 2',
  chevron: 'M9 6l6 6-6 6',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = '1.5em' }: { name: IconName; size?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      class={name === 'back' || name === 'chevron' ? 'icon icon-turns' : 'icon'}
    >
      <path d={paths[name]} />
    </svg>
  );
}
