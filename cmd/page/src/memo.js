import { Component } from 'preact';

/** memo makes a component that is drawn again only where a property is another one. It may read no signal. */
export const memo = (draw) => class extends Component {
  shouldComponentUpdate(next) {
    const now = this.props;
    for (const k in next) if (next[k] !== now[k]) return true;
    return false;
  }

  render(props) { return draw(props); }
};
