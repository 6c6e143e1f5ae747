import { Component, type ComponentChildren } from 'preact';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import { t } from '../text';

interface StuckProps {
  /** A screen that is left takes its trouble with it. */
  screen: string;
  children: ComponentChildren;
}

/** A screen that fails to draw becomes a sentence and a way on; the rest of the shop stays. */
export class Stuck extends Component<StuckProps, { screen: string | null }> {
  override state: { screen: string | null } = { screen: null };

  override componentDidCatch(error: unknown): void {
    this.setState({ screen: this.props.screen });
    reportError(error); // the shopper goes on; the console keeps what happened
  }

  render() {
    if (this.state.screen !== this.props.screen) return this.props.children;
    return (
      <div class="screen main">
        <Notice icon="restart" title={t('stuck.title')} text={t('stuck.text')} testid="stuck">
          <Button kind="main" onPress={() => location.assign('/shelf')}>
            {t('stuck.go')}
          </Button>
        </Notice>
      </div>
    );
  }
}
