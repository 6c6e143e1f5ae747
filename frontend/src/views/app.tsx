import './shell/shell.css';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { paying } from '../stores/checkout';
import { products } from '../stores/shelf';
import { assist } from './assist/open';
import { Attract } from './attract/attract';
import { BasketPage, BasketPanel } from './basket/basket';
import { Stuck } from './assist/stuck';
import { lazy } from './lazy';
import { route, type Route } from './router';
import { Says } from './shell/says';
import { BasketBar } from './shell/bar';
import { Foot } from './shell/foot';
import { Actions, Brand } from './shell/head';
import { layout, watchLayout } from './shell/layout';
import { Chips, Search } from './shelf/finder';
import { Shelf } from './shelf/shelf';

const ProductSheet = lazy(() => import('./product/product').then((module) => module.ProductSheet));
const Pay = lazy(() => import('./pay/pay').then((module) => module.Pay));
const Receipt = lazy(() => import('./receipt/receipt').then((module) => module.Receipt));
const Lookup = lazy(() => import('./lookup/lookup').then((module) => module.Lookup));
const Idle = lazy(() => import('./assist/idle').then((module) => module.Idle));
const ComfortSheet = lazy(() => import('./assist/comfort').then((module) => module.ComfortSheet));
const StaffStrip = lazy(() => import('./assist/staff').then((module) => module.StaffStrip));
const Beacon = lazy(() => import('./assist/beacon').then((module) => module.Beacon));

/** A product is a sheet over the shelf; on a wide wall the basket page is the panel that is always open. */
function ground(at: Route): Exclude<Route['name'], 'product'> {
  if (at.name === 'product') return 'shelf';
  return at.name === 'basket' && layout.value === 'wide' ? 'shelf' : at.name;
}

export function App() {
  const shell = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (shell.current ? watchLayout(shell.current) : undefined), []);
  const screen = ground(route.value);
  const onShelf = screen === 'shelf';
  const aside = layout.value === 'wide' && (onShelf || screen === 'pay');
  return (
    <div class="app">
      <div
        class="shell"
        ref={shell}
        data-screen={onShelf ? 'shelf' : 'focus'}
        data-aside={aside ? 'basket' : 'none'}
        data-route={route.value.name}
      >
        <span class="probe" aria-hidden="true" />
        {screen === 'attract' ? (
          <Attract />
        ) : (
          <>
            <Brand />
            {onShelf && <Search />}
            {onShelf && <Chips />}
            <Main screen={screen} />
            {aside && <BasketPanel frozen={paying.value} />}
            {onShelf && !aside && <BasketBar />}
            <Foot />
            {screen !== 'receipt' && screen !== 'lookup' && <Actions />}
            {!aside && screen !== 'basket' && <Says />}
          </>
        )}
        {route.value.name === 'product' && products.value.size > 0 && <ProductSheet id={route.value.id} />}
        <Assists />
        <Idle />
      </div>
    </div>
  );
}

/** The one part that changes from screen to screen; its heading takes the focus, so that it is read aloud. */
function Main({ screen }: { screen: Exclude<Route['name'], 'product' | 'attract'> }) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else (main.current?.querySelector('h1') ?? main.current)?.focus({ preventScroll: true });
    if (screen !== 'shelf') main.current?.scrollTo(0, 0);
  }, [screen]);
  return (
    <main class="main" ref={main} tabIndex={-1}>
      <Stuck screen={screen}>
        <Screen screen={screen} />
      </Stuck>
    </main>
  );
}

function Screen({ screen }: { screen: Exclude<Route['name'], 'product' | 'attract'> }) {
  const at = route.value;
  switch (screen) {
    case 'shelf':
      return <Shelf />;
    case 'basket':
      return <BasketPage />;
    case 'pay':
      return <Pay />;
    case 'receipt':
      return at.name === 'receipt' ? <Receipt number={at.number} /> : null;
    case 'lookup':
      return at.name === 'lookup' ? <Lookup receiptKey={at.key} /> : null;
  }
}

function Assists() {
  if (assist.value === 'comfort') return <ComfortSheet />;
  if (assist.value === 'staff') return <StaffStrip />;
  return assist.value === 'beacon' ? <Beacon /> : null;
}
