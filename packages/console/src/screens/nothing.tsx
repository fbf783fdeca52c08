import { Link } from 'react-router';
import { Screen } from '../parts/screen.tsx';
import { Empty } from '../parts/states.tsx';

export function NothingScreen() {
  return (
    <Screen title="Nothing here">
      <Empty title="There is no screen at this address.">
        <Link to="/">Overview</Link>
      </Empty>
    </Screen>
  );
}
