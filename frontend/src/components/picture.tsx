import './picture.css';
import { useState } from 'preact/hooks';

export interface PictureProps {
  src: string | null;
  /** '#rrggbb', painted until the picture is there and for ever when it never comes. */
  colour: string;
  /** Its first letter stands in for a picture that is missing. */
  name: string;
  eager?: boolean;
}

type Loading = 'waiting' | 'ready' | 'missing';

/** A 4:5 box that never jumps: colour first, then the picture. Decorative, since the name always stands beside it. */
export function Picture({ src, colour, name, eager = false }: PictureProps) {
  const [state, setState] = useState<{ src: string | null; is: Loading }>({ src, is: 'waiting' });
  const is = src === null ? 'missing' : state.src === src ? state.is : 'waiting';
  const settle = (next: Loading) => {
    setState({ src, is: next });
  };
  return (
    <span class="picture" style={{ '--tone': colour }} data-state={is}>
      {is === 'missing' && (
        <span class="picture-letter" aria-hidden="true">
          <span>{Array.from(name.trim())[0]?.toLocaleUpperCase() ?? ''}</span>
        </span>
      )}
      {src !== null && is !== 'missing' && (
        <img
          src={src}
          alt=""
          width={400}
          height={500}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          draggable={false}
          data-ready={is === 'ready' ? '' : undefined}
          onLoad={() => settle('ready')}
          onError={() => settle('missing')}
        />
      )}
    </span>
  );
}
